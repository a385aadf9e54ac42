import { equalJson, kustomizeRefusal } from "@kubeferry/clean";
import { at, type JsonObject, textAt } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaidOutEnvironment } from "../folders/folder-layout.ts";
import { type DrawnFolder, type FolderObject, foldersOf } from "./testing/folders.ts";
import { layOut } from "./testing/lay-out.ts";
import { deployment, FOUR, object, parsed, paths, settings } from "./testing/small-objects.ts";

describe("any folder", () => {
  const carried = ({ objects }: DrawnFolder) =>
    objects.filter(({ versions, variants }) =>
      [...versions.values(), ...variants.values()].every((each) => kustomizeRefusal(each) === undefined),
    );

  it("has the same files in whatever order its objects come, and when it is laid out again", async () => {
    await fc.assert(
      fc.asyncProperty(foldersOf(6), async (drawn) => {
        const files = await layOut(carried(drawn), drawn.environments);
        expect(await layOut([...carried(drawn)].reverse(), drawn.environments)).toEqual(files);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  it("gets no other file from a new environment that has what its base has", async () => {
    await fc.assert(
      fc.asyncProperty(foldersOf(6), async (drawn) => {
        const environments = drawn.environments.map((each) => ({ ...each, standalone: false }));
        const shared = await sharedOf(carried(drawn), environments);
        const before = await layOut(shared, environments);
        const agreeing = { name: "new", source: "new", standalone: false };
        const after = await layOut(
          shared.map((each) => withBase(each, before)),
          [...environments, agreeing],
        );
        expect(after).toMatchObject(before);
        expect(Object.keys(after).filter((path) => !Object.hasOwn(before, path))).toEqual(["new/kustomization.yaml"]);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

/** Of each base, by the object it is of. */
function basesIn(files: Readonly<Record<string, string>>): ReadonlyMap<string, JsonObject> {
  const bases = Object.entries(files).filter(([path]) => /^base\/(?!kustomization)/.test(path));
  return new Map(bases.map(([, text]) => [idOf(parsed(text)), parsed(text)]));
}

function idOf(object: JsonObject | undefined): string {
  return [textAt(object, "apiVersion"), textAt(object, "kind"), textAt(object, "metadata", "name")].join(" ");
}

function firstOf({ versions }: FolderObject): JsonObject | undefined {
  return [...versions.values()][0];
}

async function sharedOf(objects: readonly FolderObject[], environments: readonly LaidOutEnvironment[]) {
  const bases = basesIn(await layOut(objects, environments));
  return objects.filter((each) => bases.has(idOf(firstOf(each))));
}

/** The object, and in the new source as the base has it. */
function withBase(object: FolderObject, files: Readonly<Record<string, string>>): FolderObject {
  const base = basesIn(files).get(idOf(firstOf(object)));
  return base === undefined ? object : { ...object, versions: new Map([...object.versions, ["new", base]]) };
}

/** What one environment has in the places in which environments differ. */
interface State {
  readonly keys: readonly string[];
  readonly tag: string;
  readonly replicas: number;
}

const state: fc.Arbitrary<State> = fc.record({
  keys: fc.array(fc.constantFrom("same", "same", "same", "x", "y"), { minLength: 5, maxLength: 5 }),
  tag: fc.constantFrom("1", "2"),
  replicas: fc.constantFrom(1, 2, 3),
});
const change = fc.record({ environment: fc.nat(3), place: fc.constantFrom(0, 1, 2, 3, 4, "tag", "replicas") });

function changedBy(states: readonly State[], { environment, place }: { environment: number; place: number | string }) {
  return states.map((each, index): State => {
    if (index !== environment) return each;
    if (place === "tag") return { ...each, tag: "new" };
    if (place === "replicas") return { ...each, replicas: 7 };
    return { ...each, keys: each.keys.map((value, key) => (key === place ? "new" : value)) };
  });
}

function objectsOf(states: readonly State[]): readonly FolderObject[] {
  const long = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`same-${index}`, "same"]));
  return [
    object(
      ...states.map(({ keys }) =>
        settings({ ...long, ...Object.fromEntries(keys.map((value, key) => [`key-${key}`, value])) }),
      ),
    ),
    object(...states.map(({ tag, replicas }) => deployment("web", `r:5000/web:${tag}`, replicas))),
    object(...states.map(({ tag }) => deployment("log", `r:5000/web:${tag}`))),
  ];
}

/** What most have; of several that equally many have, the first. */
function majority<Value>(values: readonly Value[]): Value | undefined {
  const times = (value: Value) => values.filter((each) => each === value).length;
  return values.toSorted((left, right) => times(right) - times(left))[0];
}

describe("one change in one cluster", () => {
  it("changes files of its own environment alone, or the base where most have something else now", async () => {
    const four = fc.array(state, { minLength: 4, maxLength: 4 });
    const seen = { alone: 0, base: 0 };
    await fc.assert(
      fc.asyncProperty(four, change, async (states, changing) => {
        const moved = changedBy(states, changing);
        const [before, after] = [await layOut(objectsOf(states), FOUR), await layOut(objectsOf(moved), FOUR)];
        const files = [...new Set([...Object.keys(before), ...Object.keys(after)])];
        const touched = files.filter((path) => before[path] !== after[path]);
        const bases = [before, after].map((each) => basesIn(each));
        const isSame = [...(bases[0] ?? [])].every(([id, base]) => equalJson(base, bases[1]?.get(id) ?? null));
        const own = FOUR[changing.environment]?.name ?? "";
        if (isSame) expect(touched.filter((path) => !path.startsWith(`${own}/`))).toEqual([]);
        seen[isSame ? "alone" : "base"] += 1;
        const config = bases[1]?.get("v1 ConfigMap settings")?.data;
        for (const key of [0, 1, 2, 3, 4]) {
          expect(textAt(config, `key-${key}`)).toBe(majority(moved.map(({ keys }) => keys[key])));
        }
        const { spec } = bases[1]?.get("apps/v1 Deployment web") ?? {};
        expect(at(spec, "replicas")).toBe(majority(moved.map(({ replicas }) => replicas)));
      }),
      { numRuns: 30, endOnFailure: true },
    );
    expect(seen.alone).toBeGreaterThan(10);
  });

  it("of the one that tips the majority moves the base, and those who keep the old value get a patch", async () => {
    const long = { a: "same", b: "same", c: "same", d: "same" };
    const of = (...values: readonly string[]) => [object(...values.map((value) => settings({ ...long, value })))];
    const before = await layOut(of("x", "x", "y", "y"), FOUR);
    const after = await layOut(of("x", "y", "y", "y"), FOUR);
    expect(before["base/configmap-settings.yaml"]).toContain("value: x");
    expect(after["base/configmap-settings.yaml"]).toContain('value: "y"');
    const patches = (files: Readonly<Record<string, string>>) =>
      paths(files).filter((path) => path.includes("/patch-"));
    expect(patches(before)).toEqual(["preprod/patch-configmap-settings.yaml", "prod/patch-configmap-settings.yaml"]);
    expect(patches(after)).toEqual(["dev/patch-configmap-settings.yaml"]);
  });
});
