import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  emitYaml,
  firstDifference,
  kustomizeRefusal,
  parseYaml,
  parseYamlStream,
  typeOfObject,
} from "@kubeferry/clean";
import { isJsonObject, type JsonObject, objectsAt, textAt } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildOverlay } from "../build/build-overlay.ts";
import { SMALL_FOLDER, SMALL_FOLDER_BUILT } from "../build/testing/small-folder.ts";
import { type CatalogEntry, contentIn, createCatalog } from "../catalog.ts";
import { type DrawnFolder, type FolderObject, foldersOf } from "../factor/testing/folders.ts";
import { openSpool, type Spool } from "../spool.ts";
import { type LaidOutEnvironment, layOutFolder } from "./folder-layout.ts";

const execute = promisify(execFile);
const FOLDER = "namespaces/shop";
/** Objects, each with what up to four environments are to have of it. SOAK=1 takes an hour. */
const CASES = process.env.SOAK === undefined ? 2_000 : 100_000;
const IN_ONE_FOLDER = 100;

type Objects = ReadonlyMap<string, JsonObject>;

function byId(objects: readonly JsonObject[]): Objects {
  const ids = objects.map((object) =>
    [textAt(object, "apiVersion"), textAt(object, "kind"), textAt(object, "metadata", "name")].join(" "),
  );
  expect(new Set(ids).size).toBe(ids.length);
  return new Map(objects.map((object, index) => [ids[index] ?? "", object]));
}

function isCarried({ versions, variants }: FolderObject): boolean {
  return [...versions.values(), ...variants.values()].every((object) => kustomizeRefusal(object) === undefined);
}

/** The objects as sources give them, and each by the digest of its file. */
async function gathered({ objects, environments }: DrawnFolder, spool: Spool) {
  const catalog = createCatalog();
  const byDigest = new Map<string, JsonObject>();
  const put = async (object: JsonObject) => {
    const content = await spool.put(Buffer.from(emitYaml(object)));
    byDigest.set(content.sha256, object);
    return content;
  };
  for (const { versions, variants, leftOutOf } of objects.filter(isCarried)) {
    for (const [source, object] of versions) {
      const { group, kind } = typeOfObject(object);
      const name = textAt(object, "metadata", "name") ?? "";
      const ref = { group, resource: `${kind.toLowerCase()}s`, kind, namespace: "shop", name };
      const mine = environments.filter((each) => each.source === source && variants.has(each.name));
      const changed = mine.map(async (each) => [each.name, await put(variants.get(each.name) ?? object)] as const);
      const changes = { variants: new Map(await Promise.all(changed)), leftOutOf };
      catalog.add(FOLDER, source, ref, await put(object), changes);
    }
  }
  return { entries: [...catalog.folder(FOLDER).values()], byDigest };
}

async function read(files: ReadonlyMap<string, Buffer>, path: string): Promise<Buffer | undefined> {
  return files.get(path);
}

describe.skipIf(missingServers("kustomize"))("building any overlay", () => {
  const counts = { cases: 0, base: 0, whole: 0, merge: 0, json: 0, images: 0, replicas: 0 };
  let folder: string;
  let spool: Spool;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-overlays-"));
    spool = await openSpool();
  });
  afterAll(async () => {
    await spool.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The files, written to disk where kustomize looks for them. */
  async function written(entries: readonly CatalogEntry[], environments: readonly LaidOutEnvironment[]) {
    const layout = await layOutFolder(entries, environments, spool);
    const files = new Map<string, Buffer>();
    await rm(folder, { recursive: true, force: true });
    for (const [path, { content }] of layout.files) {
      const bytes = await spool.read(content);
      files.set(path, bytes);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes);
    }
    return { files, built: layout.environments };
  }

  async function builtByKustomize(environment: string): Promise<Objects> {
    const { stdout } = await execute(servers.binary("kustomize"), ["build", join(folder, environment)], {
      maxBuffer: 1e8,
    });
    return byId(parseYamlStream(stdout) as JsonObject[]);
  }

  async function check(environment: LaidOutEnvironment, wanted: Objects, files: ReadonlyMap<string, Buffer>) {
    const modelled: JsonObject[] = [];
    for await (const object of buildOverlay(environment.name, (path) => read(files, path))) modelled.push(object);
    const built = await builtByKustomize(environment.name);
    for (const found of [byId(modelled), built]) {
      expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
      for (const [id, object] of wanted) {
        expect(firstDifference(found.get(id) ?? null, object), `${environment.name}: ${id}`).toBe(undefined);
      }
    }
  }

  function count(entries: readonly CatalogEntry[], files: ReadonlyMap<string, Buffer>): void {
    counts.cases += entries.length;
    const inBase = [...files.keys()].filter((path) => path.startsWith("base/") && path !== "base/kustomization.yaml");
    counts.whole += entries.length - inBase.length;
    for (const path of inBase) {
      if (![...files.keys()].some((each) => each.endsWith(`/patch-${path.slice("base/".length)}`))) counts.base += 1;
    }
    for (const [path, bytes] of files) {
      if (/^\w+\/patch-/.test(path)) counts[bytes.toString("utf8").startsWith("- op:") ? "json" : "merge"] += 1;
      if (!path.endsWith("/kustomization.yaml")) continue;
      const says = parseYaml(bytes.toString("utf8"));
      counts.images += objectsAt(says, "images").length;
      counts.replicas += objectsAt(says, "replicas").length;
    }
  }

  it("gives exactly what its environment is to get, by kustomize and by our model of it", {
    timeout: 7_200_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(foldersOf(1), async (drawn) => {
        const { entries, byDigest } = await gathered(drawn, spool);
        const { files, built } = await written(entries, drawn.environments);
        const checks = drawn.environments.map(async (environment) => {
          const wanted = entries
            .map((entry) => byDigest.get(contentIn(entry, environment)?.sha256 ?? ""))
            .filter(isJsonObject);
          expect(built.includes(environment)).toBe(wanted.length > 0);
          if (wanted.length > 0) await check(environment, byId(wanted), files);
        });
        await Promise.all(checks);
        count(entries, files);
      }),
      { numRuns: Math.ceil(CASES / IN_ONE_FOLDER), endOnFailure: true },
    );
    expect(counts.cases).toBeGreaterThanOrEqual(CASES);
    expect(Object.entries(counts).filter(([, times]) => times < CASES / 100)).toEqual([]);
  });

  it("gives of a folder written by hand what our model says", async () => {
    for (const [path, text] of Object.entries(SMALL_FOLDER)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    expect(await builtByKustomize("prod")).toEqual(byId(parseYamlStream(SMALL_FOLDER_BUILT) as JsonObject[]));
  });
});
