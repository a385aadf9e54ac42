import { type EnvironmentEffects, type FolderEffects, type FolderPlan, NO_EFFECTS } from "@kubeferry/layout";
import { describe, expect, it } from "vitest";
import { baseLines, environmentLines } from "./environment-text.ts";

const SEVERAL = ["dev", "test", "prod"].map((name) => ({ name, source: `a/${name}` }));
const ONE = SEVERAL.map(({ name }) => ({ name, source: "a/b" }));

function ref(name: string) {
  return { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name };
}

function effect(more: Partial<EnvironmentEffects> = {}): EnvironmentEffects {
  return { added: [], changed: [], removed: [], images: [], ...more };
}

function folder(
  environments: Readonly<Record<string, EnvironmentEffects>>,
  more: Partial<FolderEffects> = {},
): FolderPlan {
  const effects = { ...NO_EFFECTS, environments: new Map(Object.entries(environments)), ...more };
  const changes = { added: [], changed: [], removed: [] };
  return { folder: "namespaces/shop", changes, effects, wanted: new Map(), kept: 0, warnings: [] };
}

describe("what changes in which environment", () => {
  it("is said once for those that are alike, with the images that move, and of the others that nothing changes", () => {
    const images = [
      { before: "registry.example.com:5000/web:1.4", after: "registry.example.com:5000/web:1.5" },
      { before: "web", after: "web@sha256:0a" },
      { before: "old/web:1", after: "new/web:1" },
    ];
    const changed = effect({ added: [ref("new")], changed: [ref("web"), ref("api")], images });
    const folders = [folder({ dev: changed, test: effect({ removed: [ref("gone")] }), prod: changed })];
    expect(
      environmentLines({ plan: { folders }, environments: [...SEVERAL, { name: "late", source: "a/l" }] }),
    ).toEqual([
      "- **dev, prod**: 1 new (`Deployment shop/new`), 2 changed (`Deployment shop/web`, `Deployment shop/api`); images: `registry.example.com:5000/web` `1.4` → `1.5`, `web` without a tag → `sha256:0a`, `old/web:1` → `new/web:1`",
      "- **test**: 1 removed (`Deployment shop/gone`)",
      "- **late**: no object changes",
    ]);
  });

  it("names ten objects and counts the others", () => {
    const added = Array.from({ length: 12 }, (_, index) => ref(`w${index}`));
    const [line] = environmentLines({ plan: { folders: [folder({ dev: effect({ added }) })] }, environments: SEVERAL });
    expect(line).toMatch(/^- \*\*dev\*\*: 12 new \(`Deployment shop\/w0`, .*`Deployment shop\/w9` and 2 more\)$/);
  });

  it("is not said where one source gives all environments the same", () => {
    const all = effect({ changed: [ref("web")] });
    const said = (environments: Readonly<Record<string, EnvironmentEffects>>, dropped: readonly string[] = []) =>
      environmentLines({ plan: { folders: [folder(environments, { dropped })] }, environments: ONE });
    expect(said({ dev: all, test: all, prod: all })).toEqual([]);
    expect(said({ dev: all, test: all, prod: effect() })).toHaveLength(2);
    expect(said({ dev: all, test: all, prod: all }, ["old"])).toContain(
      "- **old** is not configured any more: its overlays leave Git",
    );
    expect(environmentLines({ plan: { folders: [] }, environments: SEVERAL })).toEqual([]);
    expect(environmentLines({ plan: { folders: [folder({ dev: all })] }, environments: SEVERAL.slice(0, 1) })).toEqual(
      [],
    );
  });
});

describe("a base that moves", () => {
  const base = { followed: [], joined: [], left: [], keeping: [] };

  it("is one sentence for each folder, with the environments in which nothing comes of it", () => {
    const followed = { ...base, followed: [ref("web"), ref("api")], keeping: ["test"] };
    const rebuilt = { ...base, joined: [ref("web")], left: [ref("api")], keeping: ["test", "prod"] };
    const changed = { prod: effect({ changed: [ref("web")] }) };
    const folders = [folder({}, { base: followed }), folder(changed, { base: rebuilt }), folder({})];
    expect(baseLines({ folders })).toEqual([
      "- `namespaces/shop`: the base follows most environments, or the first of equally many, in 2 objects (`Deployment shop/web`, `Deployment shop/api`). Overlays are rewritten for that: nothing changes in **test**.",
      "- `namespaces/shop`: the environments now share 1 object (`Deployment shop/web`); the environments no longer share 1 object (`Deployment shop/api`). Overlays are rewritten for that: nothing changes in **test**, and nothing changes in **prod** but what is listed above.",
    ]);
  });
});
