import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { emitYaml, equalJson, kustomizeRefusal, parseYamlStream } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentIn, createCatalog } from "../catalog.ts";
import { type Pair, pairs } from "../patch/testing/objects.ts";
import { openSpool, type Spool } from "../spool.ts";
import { type LaidOutEnvironment, layOutFolder } from "./folder-layout.ts";

const execute = promisify(execFile);
const FOLDER = "namespaces/shop";

/** What happens to one object in the environments: by source what it has, by environment what it gets instead. */
interface Fate {
  readonly sources: Readonly<Record<string, "base" | "wanted" | "missing">>;
  readonly environments: Readonly<Record<string, "source" | "variant" | "left out">>;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  sources: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ a: "base", b: "base" } as const) },
    {
      weight: 1,
      arbitrary: fc.record({
        a: fc.constantFrom("base", "wanted", "missing"),
        b: fc.constantFrom("base", "wanted", "missing"),
      }),
    },
  ),
  environments: fc.record({
    dev: fc.constantFrom("source", "source", "variant", "left out"),
    test: fc.constantFrom("source", "source", "variant"),
    prod: fc.constantFrom("source", "source", "source", "variant"),
  }),
});
const environments: fc.Arbitrary<readonly LaidOutEnvironment[]> = fc
  .tuple(fc.constantFrom("a", "b"), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
  .map(([last, standalone]) =>
    [
      { name: "dev", source: "a" },
      { name: "test", source: "a" },
      { name: "prod", source: last },
    ].map((each, index) => ({ ...each, standalone: standalone[index] === true && standalone[0] === true })),
  );

function carried({ base, wanted }: Pair): boolean {
  return kustomizeRefusal(base) === undefined && kustomizeRefusal(wanted) === undefined;
}

async function filled(all: readonly (readonly [Pair, Fate])[], spool: Spool, layout: readonly LaidOutEnvironment[]) {
  const catalog = createCatalog();
  const put = (object: JsonObject) => spool.put(Buffer.from(emitYaml(object)));
  for (const [{ base, wanted }, { sources, environments: fates }] of all) {
    const apiVersion = textAt(base, "apiVersion") ?? "";
    const kind = textAt(base, "kind") ?? "";
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const name = textAt(base, "metadata", "name") ?? "";
    const ref = { group, resource: `${kind.toLowerCase()}s`, kind, namespace: "shop", name };
    for (const [source, has] of Object.entries(sources)) {
      if (has === "missing") continue;
      const mine = layout.filter((each) => each.source === source).map((each) => each.name);
      const variants = new Map<string, Awaited<ReturnType<typeof put>>>();
      for (const each of mine) if (fates[each] === "variant") variants.set(each, await put(wanted));
      const leftOutOf = new Set(mine.filter((each) => fates[each] === "left out"));
      catalog.add(FOLDER, source, ref, await put(has === "base" ? base : wanted), { variants, leftOutOf });
    }
  }
  return [...catalog.folder(FOLDER).values()];
}

async function objectsOf(text: string): Promise<ReadonlyMap<string, JsonObject>> {
  const objects = (parseYamlStream(text) as JsonObject[]).map((object) => [idOf(object), object] as const);
  return new Map(objects);
}

function idOf(object: JsonObject): string {
  return [textAt(object, "apiVersion"), textAt(object, "kind"), textAt(object, "metadata", "name")].join(" ");
}

describe.skipIf(missingServers("kustomize"))("building any overlay", () => {
  it("gives exactly what its environment is to get", { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-overlays-"));
    const spool = await openSpool();
    const fates = fc.array(fate, { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(pairs, fates, environments, async (drawn, all, layout) => {
        const some = drawn.filter((_, index) => index % 4 === 0).map((pair, index) => [pair, all[index % 20]] as const);
        const entries = await filled(
          some.flatMap(([pair, each]) => (carried(pair) && each !== undefined ? [[pair, each] as const] : [])),
          spool,
          layout,
        );
        const { files, environments: built } = await layOutFolder(entries, layout, spool);
        await rm(folder, { recursive: true, force: true });
        for (const [path, { content }] of files) {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), await spool.read(content));
        }
        for (const environment of layout) {
          const contents = entries.flatMap((entry) => contentIn(entry, environment) ?? []);
          expect(built.includes(environment)).toBe(contents.length > 0);
          if (contents.length === 0) continue;
          const wanted = (await Promise.all(contents.map((content) => spool.read(content)))).join("---\n");
          const place = join(folder, environment.name);
          const { stdout } = await execute(servers.binary("kustomize"), ["build", place], { maxBuffer: 1e8 });
          const [found, expected] = [await objectsOf(stdout), await objectsOf(wanted)];
          expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
          for (const [id, object] of expected) expect(equalJson(found.get(id) ?? null, object), id).toBe(true);
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    await spool.close();
    await rm(folder, { recursive: true, force: true });
  });
});
