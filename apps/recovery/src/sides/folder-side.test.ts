import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createCleaner } from "@kubeferry/clean";
import { objectKey } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { diffSides } from "../diff/diff-sides.ts";
import { createSelection } from "../select/selection.ts";
import { quietCall } from "../testing/take-snapshot.ts";
import { type AbsenceInFiles, folderSide } from "./folder-side.ts";
import type { ComparedType, Side } from "./side.ts";
import { unmarkedSide } from "./unmarked-side.ts";

const CONFIG_MAPS = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true };
const SECRETS = { group: "", version: "v1", resource: "secrets", kind: "Secret", namespaced: true };
const NAMESPACES = { group: "", version: "v1", resource: "namespaces", kind: "Namespace", namespaced: false };
const SERVED: readonly ComparedType[] = [CONFIG_MAPS, NAMESPACES, SECRETS];

function configMap(place: string, value: string, annotations = ""): string {
  const [namespace, name] = place.split("/");
  const marks = annotations === "" ? "" : `, annotations: {${annotations}}`;
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}${marks}}\ndata: {day: ${value}}\n`;
}

function namespace(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}}\n`;
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "side-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function open(files: Readonly<Record<string, string>>, absence: AbsenceInFiles = "unknown") {
  const kustomize = () => Promise.reject(new Error("nothing is to be built"));
  const description = "the folder x";
  return folderSide({ folder: folderWith(files), description, served: SERVED, absence, kustomize }, quietCall);
}

/** A cluster that holds what these files say. */
async function cluster(files: Readonly<Record<string, string>>): Promise<Side> {
  return unmarkedSide(await open(files, "anywhere"));
}

async function compared(files: Readonly<Record<string, string>>, other: Side, absence?: AbsenceInFiles) {
  const [before, selection] = [await open(files, absence), createSelection(ALL)];
  const options = { before, after: other, selection, cleaner: createCleaner(), texts: false };
  const { differences, report } = await diffSides(options, quietCall);
  const found: string[] = [];
  for await (const { change, type, name } of differences.all()) found.push(`${change} ${type.resource} ${name}`);
  await differences.close();
  await before.close();
  return { found, notCompared: report.notCompared };
}

const NO_LISTS = { include: [], exclude: [] };
const ALL = { namespaces: NO_LISTS, resources: NO_LISTS, names: NO_LISTS, clusterScoped: true };

describe("a folder as a side of a comparison", () => {
  const live = () =>
    cluster({
      "web.yaml": configMap("shop/web", "two"),
      "other.yaml": configMap("shop/other", "one"),
      "team.yaml": configMap("team/notes", "one"),
      "namespaces.yaml": `${namespace("shop")}---\n${namespace("team")}`,
      "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\n",
    });

  it("is compared in what it holds; of the rest it is said that nothing is known", async () => {
    const { found, notCompared } = await compared({ "a/web.yaml": configMap("shop/web", "one") }, await live());
    expect(found).toEqual(["changed configmaps web"]);
    expect(notCompared.map(({ resource, because, reason }) => `${resource} ${because}: ${reason}`)).toEqual([
      "configmaps left-out: 2 objects outside of what was looked at: the folder x",
      "namespaces left-out: the folder x: no file holds one",
      "secrets left-out: the folder x: no file holds one",
    ]);
  });

  it("that is complete lacks what the other side has in its namespaces, and says nothing of others", async () => {
    const files = { "web.yaml": configMap("shop/web", "two"), "shop.yaml": namespace("shop") };
    const { found } = await compared(files, await live(), "in-its-namespaces");
    expect(found).toEqual(["added configmaps other", "added secrets db"]);
  });

  it("against another folder lacks whatever that one has", async () => {
    const { found } = await compared({ "x.yaml": configMap("shop/web", "two") }, await live(), "anywhere");
    expect(found).toEqual([
      "added namespaces shop",
      "added namespaces team",
      "added configmaps other",
      "added secrets db",
      "added configmaps notes",
    ]);
  });

  it("has every object of a stream and of a list, and no file of another program", async () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}\n`;
    const stream = `${configMap("shop/a", "one")}---\n${configMap("shop/b", "one")}`;
    const side = await open({
      "all.yaml": stream,
      "list.yml": list,
      "values.yaml": "replicas: 3\n",
      "none.yaml": "# \n",
    });
    const keys = [objectKey("shop", "a"), objectKey("shop", "b")];
    expect(keys.map((key) => side.has(CONFIG_MAPS, key))).toEqual([true, true]);
    expect(side.has(NAMESPACES, objectKey(undefined, "shop"))).toBe(true);
    expect(side.types.map(({ resource }) => resource)).toEqual(["configmaps", "namespaces"]);
    await side.close();
  });

  it("is the same with Argo CD's marks on either side", async () => {
    const marked = configMap("shop/web", "one", "argocd.argoproj.io/sync-wave: '1'");
    const tracked = configMap("shop/web", "one", "argocd.argoproj.io/tracking-id: shop");
    const { found } = await compared({ "web.yaml": marked }, await cluster({ "web.yaml": tracked }));
    expect(found).toEqual([]);
  });

  it.each([
    ["cannot be read as YAML", { "x.yaml": "a: [" }, /"x.yaml": it is no YAML/],
    ["holds no object", { "README.md": "# x\n" }, /there is no object in it/],
    ["holds kustomizations further below", { "base/kustomization.yaml": "resources: []\n" }, /such as base/],
    [
      "leaves a namespace open",
      { "x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n" },
      /ConfigMap web \(x.yaml\) names no namespace/,
    ],
  ])("is refused where it %s", async (_, files, message) => {
    await expect(open(files)).rejects.toThrow(message);
    await expect(open(files)).rejects.toMatchObject({ kind: "incomparable" });
  });
});
