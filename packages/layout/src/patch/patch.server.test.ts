import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { emitYaml, equalJson, firstDifference, kustomizeRefusal, parseYamlStream } from "@kubeferry/clean";
import { at, type JsonObject } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kustomization, type ListedPatch } from "../folders/kustomization.ts";
import { applyPatch } from "./apply-patch.ts";
import { makePatch } from "./make-patch.ts";
import { type Pair, pairs } from "./testing/objects.ts";

const execute = promisify(execFile);
// SOAK=1 takes an hour.
const OBJECTS = process.env.SOAK === undefined ? 2_000 : 100_000;
const IN_ONE_BUILD = 80;

function idOf(object: JsonObject): string {
  return [["apiVersion"], ["kind"], ["metadata", "name"]].map((path) => String(at(object, ...path))).join(" ");
}

function carried({ base, wanted }: Pair): boolean {
  return kustomizeRefusal(base) === undefined && kustomizeRefusal(wanted) === undefined && !equalJson(base, wanted);
}

describe.skipIf(missingServers("kustomize"))("patches, by the real kustomize", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-patches-"));
    await mkdir(join(folder, "base"));
    await mkdir(join(folder, "prod"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function build(all: readonly Pair[], counts: Record<string, number>): Promise<readonly JsonObject[]> {
    const listed: ListedPatch[] = [];
    await writeFile(join(folder, "base", "objects.yaml"), all.map(({ base }) => emitYaml(base)).join("---\n"));
    await writeFile(join(folder, "base", "kustomization.yaml"), kustomization(["objects.yaml"]).text);
    for (const [index, { base, wanted }] of all.entries()) {
      const patch = makePatch(base, wanted);
      const form = patch === "whole" ? "whole" : patch.target === undefined ? "merge" : "operations";
      counts[form] = (counts[form] ?? 0) + 1;
      if (patch === "whole") continue;
      expect(firstDifference(applyPatch(base, patch), wanted), idOf(base)).toBe(undefined);
      const path = `patch-${index}.yaml`;
      await writeFile(join(folder, "prod", path), emitYaml(patch.content));
      listed.push({ path, ...(patch.target === undefined ? {} : { target: patch.target }) });
    }
    await writeFile(join(folder, "prod", "kustomization.yaml"), kustomization(["../base"], listed).text);
    const { stdout } = await execute(servers.binary("kustomize"), ["build", join(folder, "prod")], { maxBuffer: 1e8 });
    return parseYamlStream(stdout) as JsonObject[];
  }

  it("make of any object exactly what is wanted, and of all others nothing", { timeout: 3_600_000 }, async () => {
    const counts: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(pairs, async (drawn) => {
        const all = drawn.filter(carried);
        const built = new Map((await build(all, counts)).map((object) => [idOf(object), object]));
        expect(built.size).toBe(all.length);
        for (const { base, wanted } of all) {
          const expected = makePatch(base, wanted) === "whole" ? base : wanted;
          const found = built.get(idOf(base)) ?? null;
          expect(firstDifference(found, expected), idOf(base)).toBe(undefined);
        }
      }),
      { numRuns: Math.ceil(OBJECTS / IN_ONE_BUILD), endOnFailure: true },
    );
    const made = Object.values(counts).reduce((sum, each) => sum + each, 0);
    expect(made).toBeGreaterThan(OBJECTS * 0.9);
    expect(counts.merge).toBeGreaterThan(made / 10);
    expect(counts.operations).toBeGreaterThan(made / 10);
    expect(counts.whole).toBeGreaterThan(0);
  });
});
