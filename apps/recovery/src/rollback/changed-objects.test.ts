import { type FileChange, type FolderEffects, type FolderPlan, NO_EFFECTS } from "@kubeferry/layout";
import { expect, it } from "vitest";
import { changedObjects } from "./changed-objects.ts";

const NONE = { added: [], changed: [], removed: [] };
const CONTENT = { kind: "text", sha256: "", sizeBytes: 0, text: "" } as const;

function change(kind: string, name: string, more: Partial<FileChange> = {}): FileChange {
  const object = { group: "", resource: `${kind.toLowerCase()}s`, kind, namespace: "shop", name };
  return { path: `namespaces/shop/base/${name}.yaml`, object, content: CONTENT, ...more };
}

/** What is said of these changes of one folder, with the texts of every file before and after. */
function said(
  changes: Partial<FolderPlan["changes"]>,
  texts: { readonly before?: string; readonly after?: string } = {},
  effects: FolderEffects = NO_EFFECTS,
) {
  const folder = {
    folder: "namespaces/shop",
    changes: { ...NONE, ...changes },
    effects,
    wanted: new Map(),
    kept: 0,
    warnings: [],
  };
  return changedObjects({ folders: [folder] }, { before: async () => texts.before, after: async () => texts.after });
}

it("says of each object whether it is new, goes or moves, and of files of no object nothing", async () => {
  const lines = await said({
    added: [change("ConfigMap", "new"), change("ConfigMap", "aside", { moved: true })],
    removed: [change("ConfigMap", "old"), { path: "namespaces/shop/base/kustomization.yaml" }],
  });
  expect(lines).toEqual([
    "- `ConfigMap shop/old` is removed (`namespaces/shop/base/old.yaml`)",
    "- `ConfigMap shop/new` is new (`namespaces/shop/base/new.yaml`)",
    "- `ConfigMap shop/aside` moves (`namespaces/shop/base/aside.yaml`)",
  ]);
});

it("says field by field what changes, and not what only is written otherwise", async () => {
  const changed = [change("Service", "web")];
  const before = "kind: Service\nspec: {type: ClusterIP, externalName: a, ports: [{port: 80}]}\n";
  const after = "kind: Service\nspec: {ports: [{port: 80, protocol: TCP}], type: NodePort}\n";
  expect(await said({ changed }, { before, after })).toEqual([
    "- `Service shop/web` changes (`namespaces/shop/base/web.yaml`)",
    '  - `/spec/externalName`: `"a"` goes',
    '  - `/spec/type`: `"ClusterIP"` → `"NodePort"`',
  ]);
});

it("names what changes by a kustomization alone, in which environment", async () => {
  const [web, api] = ["web", "api"].map((name) => change("Deployment", name).object);
  if (web === undefined || api === undefined) throw new Error("these are of objects");
  const prod = { added: [], changed: [api, web], removed: [], images: [] };
  const effects = { ...NO_EFFECTS, environments: new Map([["prod", prod]]) };
  const changed = [change("Deployment", "api"), { path: "namespaces/shop/prod/kustomization.yaml" }];
  expect(await said({ changed }, {}, effects)).toEqual([
    "- `Deployment shop/api` changes (`namespaces/shop/base/api.yaml`)",
    "- `Deployment shop/web` changes in `prod` (images or replicas of its kustomization)",
  ]);
});

it("says which images and numbers of replicas change in a kustomization", async () => {
  const changed = [{ path: "namespaces/shop/prod/kustomization.yaml", content: CONTENT }];
  const before = [
    "resources: [../base]",
    "patches: [{path: patch-configmap-a.yaml}]",
    'images: [{name: nginx, newTag: "1.30"}, {name: redis, newTag: "7"}]',
    "replicas: [{name: web, count: 5}]",
  ].join("\n");
  const after = [
    "resources: [../base]",
    'images: [{name: nginx, newTag: "1.29"}]',
    "replicas: [{name: web, count: 2}, {name: db, count: 3}]",
  ].join("\n");
  expect(await said({ changed }, { before, after })).toEqual([
    "- `namespaces/shop/prod/kustomization.yaml` changes",
    '  - `/images/nginx`: `{"newTag":"1.30"}` → `{"newTag":"1.29"}`',
    '  - `/images/redis`: `{"newTag":"7"}` goes',
    '  - `/replicas/db`: `{"count":3}` is added',
    '  - `/replicas/web`: `{"count":5}` → `{"count":2}`',
  ]);
  expect(await said({ changed }, { before, after: before.replace("patch-configmap-a", "patch-configmap-b") })).toEqual(
    [],
  );
});

it("says of a base that follows most clusters in which environments an object changes", async () => {
  const web = change("Deployment", "web");
  const of = (changed: boolean) => ({
    added: [],
    changed: changed && web.object !== undefined ? [web.object] : [],
    removed: [],
    images: [],
  });
  const title = async (...changed: readonly boolean[]) => {
    const environments = new Map(changed.map((each, index) => [`env${index}`, of(each)]));
    return (await said({ changed: [web] }, {}, { ...NO_EFFECTS, environments }))[0];
  };
  const path = "(`namespaces/shop/base/web.yaml`)";
  expect(await title(true, true)).toBe(`- \`Deployment shop/web\` changes ${path}`);
  expect(await title(true, false, true)).toBe(`- \`Deployment shop/web\` changes only in \`env0\`, \`env2\` ${path}`);
  expect(await title(false, false)).toBe(
    `- \`Deployment shop/web\` is written otherwise and changes in no environment ${path}`,
  );
});

it("names what is encrypted and shows nothing of it", async () => {
  const changed = [change("SealedSecret", "login", { content: { ...CONTENT, secret: {} } })];
  const texts = { before: "kind: SealedSecret\nspec: {a: AgB}\n", after: "kind: SealedSecret\nspec: {a: AgC}\n" };
  expect(await said({ changed }, texts)).toEqual([
    "- `SealedSecret shop/login` changes (`namespaces/shop/base/login.yaml`)",
  ]);
});

it("cuts a long value, and a name cannot end the code it stands in", async () => {
  const changed = [change("ConfigMap", "a`b")];
  const texts = { before: "kind: ConfigMap\n", after: `kind: ConfigMap\ndata: {text: ${"x".repeat(500)}}\n` };
  const [title, field, ...others] = await said({ changed }, texts);
  expect(title).toContain("`ConfigMap shop/a'b`");
  expect(field).toContain(`"${"x".repeat(10)}`);
  expect(field?.length).toBeLessThan(130);
  expect(others).toEqual([]);
});
