import { Buffer } from "node:buffer";
import { createCleaner, emitYaml, equalJson, parseYaml } from "@kubeferry/clean";
import type { JsonObject, ResourceType } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CatalogEntry, createCatalog } from "../catalog.ts";
import { type ContentStore, textContent } from "../content.ts";
import type { GitRef } from "../git-ref.ts";
import { gitView } from "../view/git-view.ts";
import { type LaidOutEnvironment, layOutFolder } from "./folder-layout.ts";

const ENVIRONMENTS: readonly LaidOutEnvironment[] = [
  { name: "dev", source: "a", standalone: false },
  { name: "test", source: "a", standalone: false },
  { name: "prod", source: "b", standalone: false },
];

/** Everything is held as text. */
const STORE: ContentStore = {
  read: async (content) => Buffer.from(content.kind === "text" ? content.text : ""),
  put: async (bytes) => textContent(bytes.toString("utf8")),
};

/** By source what the object holds. */
function entry(name: string, held: Readonly<Record<string, string>>): CatalogEntry {
  const ref = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name };
  const metadata = { name, namespace: "shop" };
  const textOf = (value: string) => emitYaml({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { value } });
  return {
    ref,
    contents: new Map(Object.entries(held).map(([source, value]) => [source, textContent(textOf(value))])),
    variants: new Map(),
    leftOutOf: new Set(),
  };
}

describe("the layout of a folder", () => {
  it("puts into the base what all environments have, and whole into the overlays what some have", async () => {
    const entries = [
      entry("same", { a: "1", b: "1" }),
      entry("differs", { a: "1", b: "2" }),
      entry("only", { b: "3" }),
    ];
    expect([...(await layOutFolder(entries, ENVIRONMENTS, STORE)).files.keys()].sort()).toEqual([
      "base/configmap-differs.yaml",
      "base/configmap-same.yaml",
      "base/kustomization.yaml",
      "dev/kustomization.yaml",
      "prod/configmap-only.yaml",
      "prod/kustomization.yaml",
      "prod/patch-configmap-differs.yaml",
      "test/kustomization.yaml",
    ]);
  });

  it("has no overlay for an environment whose cluster has nothing in the folder", async () => {
    const layout = await layOutFolder([entry("one", { b: "1" })], ENVIRONMENTS, STORE);
    expect(layout.environments).toMatchObject([{ name: "prod" }]);
    expect([...layout.files.keys()].sort()).toEqual([
      "base/configmap-one.yaml",
      "base/kustomization.yaml",
      "prod/kustomization.yaml",
    ]);
  });

  it("has no base when nothing is shared, since kustomize refuses an empty one", async () => {
    const { files } = await layOutFolder([entry("x", { a: "1" }), entry("y", { b: "2" })], ENVIRONMENTS, STORE);
    const kustomization = files.get("dev/kustomization.yaml")?.content;
    expect(files.has("base/kustomization.yaml")).toBe(false);
    expect(parseYaml(kustomization?.kind === "text" ? kustomization.text : "")).toMatchObject({
      resources: ["configmap-x.yaml"],
    });
  });

  it("gives two kinds that only case tells apart two files", async () => {
    const twin = (kind: string, resource: string): CatalogEntry => ({
      ref: { group: "example.com", resource, kind, namespace: "shop", name: "x" },
      contents: new Map([["a", textContent(kind)]]),
      variants: new Map(),
      leftOutOf: new Set(),
    });
    const DEV = { name: "dev", source: "a", standalone: false };
    const { files } = await layOutFolder([twin("Foo", "foos"), twin("FOO", "foots")], [DEV], STORE);
    const names = [...files.keys()].filter((path) => path.startsWith("base/") && !path.includes("kustomization"));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(2);
  });
});

const TYPES: readonly (readonly [string, string, string])[] = [
  ["", "configmaps", "ConfigMap"],
  ["apps", "deployments", "Deployment"],
  ["example.com", "widgets", "Widget"],
  ["other.org", "widgets", "Widget"],
  ["b-c.example.com", "a", "A"],
  ["c.example.com", "abs", "A"],
];

const name = fc.oneof(
  fc.constantFrom("team", "Team", "team.x", "team-1", "a:b", "x".repeat(253)),
  fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }),
);
const value = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("yes", "0777", "12:30:45", "1e3", "", "null"));
const object = fc.record({
  type: fc.constantFrom(...TYPES),
  name,
  data: fc.dictionary(fc.string({ minLength: 1, unit: "grapheme" }), value),
  sources: fc.constantFrom<readonly string[]>(["a"], ["b"], ["a", "b"]),
});

interface Drawn {
  readonly ref: GitRef;
  readonly live: JsonObject;
  readonly view: JsonObject;
  readonly sources: readonly string[];
}

function drawn(each: typeof object extends fc.Arbitrary<infer Value> ? Value : never): Drawn {
  const [group, resource, kind] = each.type;
  const type: ResourceType = { group, version: "v1", resource, kind, namespaced: true, verbs: [] };
  const live: JsonObject = {
    apiVersion: group === "" ? "v1" : `${group}/v1`,
    kind,
    metadata: { name: each.name, namespace: "shop", uid: "u", resourceVersion: "1" },
    data: each.data,
  };
  return {
    ref: { group, resource, kind, namespace: "shop", name: each.name },
    live,
    view: gitView(live, type, createCleaner()),
    sources: each.sources,
  };
}

function layOut(objects: readonly Drawn[]) {
  const catalog = createCatalog();
  for (const { ref, view, sources } of objects) {
    for (const source of sources) catalog.add("namespaces/shop", source, ref, textContent(emitYaml(view)));
  }
  return layOutFolder(catalog.folder("namespaces/shop").values(), ENVIRONMENTS, STORE);
}

describe("any set of objects", () => {
  const key = ({ ref }: Drawn) => JSON.stringify([ref.group, ref.resource, ref.name]);
  const objects = fc
    .array(object, { maxLength: 30 })
    .map((all) => [...new Map(all.map(drawn).map((each) => [key(each), each])).values()]);

  it("comes back from the files of each environment exactly as it is to be in Git", async () => {
    await fc.assert(
      fc.asyncProperty(objects, async (all) => {
        const { files } = await layOut(all);
        for (const { name: environment, source } of ENVIRONMENTS) {
          const expected = all.filter(({ sources }) => sources.includes(source)).map(({ view }) => view);
          const found: JsonObject[] = [];
          for (const [path, { content, object: ref }] of files) {
            if (ref === undefined || !(path.startsWith("base/") || path.startsWith(`${environment}/`))) continue;
            found.push(parseYaml(content.kind === "text" ? content.text : "") as JsonObject);
          }
          // A base that an environment does not build on holds nothing of it.
          if (!files.has(`${environment}/kustomization.yaml`)) expect(expected).toEqual([]);
          else expect(sameObjects(found, expected)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same files in every order it comes in, and no two files of one name", async () => {
    await fc.assert(
      fc.asyncProperty(objects, async (all) => {
        const digests = async (drawnObjects: readonly Drawn[]) =>
          [...(await layOut(drawnObjects)).files].map(([path, { content }]) => `${path} ${content.sha256}`).sort();
        expect(await digests([...all].reverse())).toEqual(await digests(all));
        const paths = [...(await layOut(all)).files.keys()];
        expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
        for (const path of paths) expect(path).toMatch(/^[a-z]+\/[A-Za-z0-9._%~-]{1,205}$/);
      }),
      { numRuns: 300 },
    );
  });
});

function sameObjects(found: readonly JsonObject[], expected: readonly JsonObject[]): boolean {
  const left = [...found];
  for (const each of expected) {
    const index = left.findIndex((candidate) => equalJson(candidate, each));
    if (index < 0) return false;
    left.splice(index, 1);
  }
  return left.length === 0;
}
