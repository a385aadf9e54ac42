import { testCall } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../content.ts";
import { type GitRef, refTitle } from "../git-ref.ts";
import { folderEffects } from "./folder-effects.ts";
import { folderState } from "./folder-state.ts";

const ENVIRONMENTS = [
  { name: "dev", source: "a/dev" },
  { name: "test", source: "a/test" },
  { name: "prod", source: "a/prod" },
];

/** A Deployment of one container, as a file holds it. */
function deployment(image: string, replicas = 2): string {
  return [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata: {name: web, namespace: shop}",
    `spec: {replicas: ${replicas}, template: {spec: {containers: [{name: web, image: "${image}"}]}}}`,
    "",
  ].join("\n");
}

function configMap(value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {value: "${value}"}\n`;
}

function kustomization(more = ""): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../base]\n${more}`;
}

const IMAGE_PATCH =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec: {template: {spec: {containers: [{name: web, image: "web:1"}]}}}\n';

/** "Deployment shop/web" is in files called so, "ConfigMap shop/settings" too; everything else is of no object. */
function refOf(path: string): GitRef | undefined {
  if (path.includes("deployment-web"))
    return { group: "apps", resource: "deployments", kind: "Deployment", namespace: "shop", name: "web" };
  if (path.includes("configmap-settings"))
    return { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" };
  return undefined;
}

type Files = Readonly<Record<string, string>>;

function stateOf(files: Files, environments: readonly { readonly name: string; readonly standalone?: boolean }[]) {
  const known = Object.entries(files).map(([path, text]) => {
    const object = refOf(path);
    return [path, { sha256: sha256Of(text), ...(object === undefined ? {} : { object }) }] as const;
  });
  return folderState({ files: known, environments, read: async (path) => files[path] });
}

/** What becomes of the environments' objects between two states of a folder, in words. */
async function effects(
  before: Files,
  after: Files,
  options: {
    readonly had?: readonly string[];
    readonly configured?: readonly { readonly name: string; readonly source: string }[];
  } = {},
) {
  const { configured = ENVIRONMENTS, had = configured.map(({ name }) => name) } = options;
  const states = {
    before: stateOf(
      before,
      had.map((name) => ({ name })),
    ),
    after: stateOf(after, configured),
  };
  const found = await folderEffects({ ...states, environments: configured, isMoved: () => false }, testCall);
  const said = [...found.environments].map(([name, { added, changed, removed, images }]) => {
    const titles = { new: added, changed, removed };
    const parts = Object.entries(titles).flatMap(([what, refs]) => refs.map((ref) => `${what} ${refTitle(ref)}`));
    return [name, [...parts, ...images.map((image) => `${image.before} -> ${image.after}`)]] as const;
  });
  const { followed, joined, left, keeping } = found.base;
  const moves = { followed: followed.map(refTitle), joined: joined.map(refTitle), left: left.map(refTitle), keeping };
  return { environments: Object.fromEntries(said), dropped: found.dropped, base: moves };
}

const OVERLAYS = {
  "base/kustomization.yaml": "",
  "dev/kustomization.yaml": kustomization(),
  "test/kustomization.yaml": kustomization(),
  "prod/kustomization.yaml": kustomization(),
};
const NO_MOVES = { followed: [], joined: [], left: [], keeping: [] };

describe("what merging does to the objects of each environment", () => {
  it("is nothing where a patch undoes what the base follows", async () => {
    const before = { ...OVERLAYS, "base/deployment-web.yaml": deployment("web:1") };
    const after = {
      ...OVERLAYS,
      "base/deployment-web.yaml": deployment("web:2"),
      "test/patch-deployment-web.yaml": IMAGE_PATCH,
    };
    expect(await effects(before, after)).toEqual({
      environments: {
        dev: ["changed Deployment shop/web", "web:1 -> web:2"],
        test: [],
        prod: ["changed Deployment shop/web", "web:1 -> web:2"],
      },
      dropped: [],
      base: { ...NO_MOVES, followed: ["Deployment shop/web"], keeping: ["test"] },
    });
  });

  it("is seen where only a kustomization says it, in that environment alone", async () => {
    const before = {
      ...OVERLAYS,
      "base/deployment-web.yaml": deployment("web:1"),
      "base/configmap-settings.yaml": configMap("a"),
    };
    const images = kustomization("images: [{name: web, newTag: '2'}]\n");
    const replicas = kustomization("replicas: [{name: web, count: 5}]\n");
    const changed = async (prod: string) =>
      (await effects(before, { ...before, "prod/kustomization.yaml": prod })).environments;
    expect(await changed(images)).toEqual({
      dev: [],
      test: [],
      prod: ["changed Deployment shop/web", "web:1 -> web:2"],
    });
    expect(await changed(replicas)).toEqual({ dev: [], test: [], prod: ["changed Deployment shop/web"] });
    expect(await changed(kustomization("images: [{name: other, newTag: '2'}]\n"))).toEqual({
      dev: [],
      test: [],
      prod: [],
    });
  });

  it("is nothing where an object moves between base, patch and overlay, and builds the same", async () => {
    const shared = { ...OVERLAYS, "base/configmap-settings.yaml": configMap("a") };
    const whole = Object.fromEntries(
      ["dev", "test", "prod"].map((name) => [`${name}/configmap-settings.yaml`, configMap("a")]),
    );
    const none = { dev: [], test: [], prod: [] };
    const keeping = ["dev", "test", "prod"];
    expect(await effects(shared, { ...OVERLAYS, ...whole })).toMatchObject({
      environments: none,
      base: { ...NO_MOVES, left: ["ConfigMap shop/settings"], keeping },
    });
    expect(await effects({ ...OVERLAYS, ...whole }, shared)).toMatchObject({
      environments: none,
      base: { ...NO_MOVES, joined: ["ConfigMap shop/settings"], keeping },
    });
  });

  it("is all objects of a new environment, and none of the others where the base stays", async () => {
    const before = { ...OVERLAYS, "base/configmap-settings.yaml": configMap("a") };
    expect(await effects(before, before, { had: ["dev", "prod"] })).toEqual({
      environments: { dev: [], test: ["new ConfigMap shop/settings"], prod: [] },
      dropped: [],
      base: NO_MOVES,
    });
  });

  it("is the loss of an object in one environment alone, although the base's file goes", async () => {
    const before = { ...OVERLAYS, "base/configmap-settings.yaml": configMap("a") };
    const after = {
      ...OVERLAYS,
      "dev/configmap-settings.yaml": configMap("a"),
      "prod/configmap-settings.yaml": configMap("a"),
    };
    expect((await effects(before, after)).environments).toEqual({
      dev: [],
      test: ["removed ConfigMap shop/settings"],
      prod: [],
    });
  });

  it("names environments that are not configured any more, and says nothing of their objects", async () => {
    const before = { ...OVERLAYS, "base/configmap-settings.yaml": configMap("a") };
    const configured = ENVIRONMENTS.slice(0, 2);
    expect(await effects(before, before, { had: ["dev", "test", "prod"], configured })).toMatchObject({
      environments: { dev: [], test: [] },
      dropped: ["prod"],
    });
  });

  it("is a change wherever nobody can work it out", async () => {
    const before = { ...OVERLAYS, "base/configmap-settings.yaml": configMap("a") };
    const patched = (patch: string) => ({
      ...before,
      "prod/patch-configmap-settings.yaml": patch,
    });
    const broken = [
      "- {op: test, path: /data/value, value: other}\n", // for another base
      "{", // no YAML
      "just a text\n",
    ];
    for (const patch of broken)
      expect((await effects(before, patched(patch))).environments.prod).toEqual(["changed ConfigMap shop/settings"]);
    const unclear = { ...before, "prod/kustomization.yaml": "{" };
    expect((await effects(unclear, before)).environments.prod).toEqual(["changed ConfigMap shop/settings"]);
  });

  it("has no base that follows anything where one source gives all environments", async () => {
    const configured = ENVIRONMENTS.map(({ name }) => ({ name, source: "a/dev" }));
    const before = { ...OVERLAYS, "base/deployment-web.yaml": deployment("web:1") };
    const after = {
      ...OVERLAYS,
      "base/deployment-web.yaml": deployment("web:2"),
      "test/patch-deployment-web.yaml": IMAGE_PATCH,
    };
    expect((await effects(before, after, { configured })).base).toEqual(NO_MOVES);
  });
});
