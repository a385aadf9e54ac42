import { equalJson, kustomizeRefusal, typeOfObject } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { testCall } from "@kubeferry/test-fleet";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256Of } from "../content.ts";
import { type FolderObject, foldersOf } from "../factor/testing/folders.ts";
import { layOut } from "../factor/testing/lay-out.ts";
import { parsed } from "../factor/testing/small-objects.ts";
import type { LaidOutEnvironment } from "../folders/folder-layout.ts";
import type { OwnedFile } from "../folders/ownership.ts";
import { type GitRef, refTitle } from "../git-ref.ts";
import { folderEffects } from "./folder-effects.ts";
import { type FolderState, folderState } from "./folder-state.ts";

it("the effects of any change are what each environment gets otherwise, however it is factored", async () => {
  const changes = fc.array(fc.constantFrom("none", "none", "turned", "plain"), {
    minLength: 64,
    maxLength: 64,
  });
  await fc.assert(
    fc.asyncProperty(foldersOf(6), changes, async ({ environments, objects }, drawn) => {
      const carried = objects.filter(isCarried);
      const pairs = carried.map((before, index): [FolderObject, FolderObject] => {
        const change = drawn[index % drawn.length];
        if (change === "plain") return [before, { ...before, variants: new Map(), leftOutOf: new Set() }];
        return [before, change === "turned" ? turned(before) : before];
      });
      const sides = [pairs.map(([before]) => before), pairs.map(([, after]) => after)] as const;
      const [before, after] = await Promise.all(sides.map((objects) => stateOf(objects, environments)));
      if (before === undefined || after === undefined) throw new Error("there are two sides");
      const effects = await folderEffects({ before, after, environments, isMoved: () => false }, testCall);
      for (const environment of environments) {
        const { added = [], changed = [], removed = [] } = effects.environments.get(environment.name) ?? {};
        const said = { added: titles(added), changed: titles(changed), removed: titles(removed) };
        expect(said).toEqual(otherwise(pairs, environment));
      }
    }),
    { numRuns: 3, endOnFailure: true },
  );
});

/** Every source has what the next one had. */
function turned(object: FolderObject): FolderObject {
  const sources = ["a", "b", "c", "d"];
  const versions = sources.flatMap((source, index): [string, JsonObject][] => {
    const next = object.versions.get(sources[(index + 1) % sources.length] ?? "");
    return next === undefined ? [] : [[source, next]];
  });
  return { ...object, versions: new Map(versions) };
}

function isCarried({ versions, variants }: FolderObject): boolean {
  return [...versions.values(), ...variants.values()].every((each) => kustomizeRefusal(each) === undefined);
}

async function stateOf(
  objects: readonly FolderObject[],
  environments: readonly LaidOutEnvironment[],
): Promise<FolderState> {
  const texts = await layOut(objects, environments);
  const known = Object.entries(texts).map(([path, text]): [string, OwnedFile] => {
    const object = path.endsWith("/kustomization.yaml") ? undefined : refOf(parsed(texts[wholeOf(path)] ?? ""));
    return [path, { sha256: sha256Of(text), ...(object === undefined ? {} : { object }) }];
  });
  const having = environments.filter(({ name }) => Object.hasOwn(texts, `${name}/kustomization.yaml`));
  return folderState({ files: known, environments: having, read: async (path) => texts[path] });
}

/** The file that holds the object of a file: a patch's is in the base. */
function wholeOf(path: string): string {
  return path.replace(/^[^/]+\/patch-/, "base/");
}

function refOf(object: JsonObject | undefined): GitRef | undefined {
  if (object === undefined) return undefined;
  const { group, kind } = typeOfObject(object);
  const [name = "", namespace] = ["name", "namespace"].map((key) => textAt(object, "metadata", key));
  return { group, resource: `${kind}s`, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** What an environment is to have otherwise, by the objects themselves. */
function otherwise(pairs: readonly (readonly [FolderObject, FolderObject])[], environment: LaidOutEnvironment) {
  const said = { added: [] as string[], changed: [] as string[], removed: [] as string[] };
  for (const pair of pairs) {
    const [old, now] = pair.map((object) => contentIn(object, environment));
    const ref = refOf(old ?? now);
    if (ref === undefined) continue;
    if (old === undefined) said.added.push(refTitle(ref));
    else if (now === undefined) said.removed.push(refTitle(ref));
    else if (!equalJson(old, now)) said.changed.push(refTitle(ref));
  }
  return { added: said.added.sort(), changed: said.changed.sort(), removed: said.removed.sort() };
}

function contentIn(object: FolderObject | undefined, { name, source }: LaidOutEnvironment): JsonObject | undefined {
  if (object === undefined || object.leftOutOf.has(name)) return undefined;
  const own = object.versions.get(source);
  return own === undefined ? undefined : (object.variants.get(name) ?? own);
}

function titles(refs: readonly GitRef[]): string[] {
  return refs.map(refTitle).sort();
}
