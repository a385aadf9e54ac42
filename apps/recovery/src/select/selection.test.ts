import { Buffer } from "node:buffer";
import { objectKey } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import type { RestoreFilter } from "../restore/restore-plan.ts";
import { createSelection } from "./selection.ts";

const EVERYTHING: RestoreFilter = {
  namespaces: { include: [], exclude: [] },
  resources: { include: [], exclude: [] },
  names: { include: [], exclude: [] },
  clusterScoped: true,
};
const deployments = { group: "apps", resource: "deployments", kind: "Deployment", namespaced: true };
const namespaces = { group: "", resource: "namespaces", kind: "Namespace", namespaced: false };
const roles = { group: "rbac.authorization.k8s.io", resource: "clusterroles", kind: "ClusterRole", namespaced: false };

const labelled = (labels: object): Buffer => Buffer.from(JSON.stringify({ metadata: { name: "x", labels } }));

describe("which objects are meant", () => {
  it("takes everything when nothing is said", () => {
    const all = createSelection(EVERYTHING);
    expect(all.takesKey(deployments, objectKey("shop", "web"))).toBe(true);
    expect(all.takesKey(roles, objectKey(undefined, "view"))).toBe(true);
  });

  it("takes of a named namespace what is in it and the Namespace itself, and nothing cluster-scoped", () => {
    const shop = createSelection({
      ...EVERYTHING,
      namespaces: { include: ["shop*"], exclude: ["shop-old"] },
      clusterScoped: false,
    });
    expect(shop.takesKey(deployments, objectKey("shop-eu", "web"))).toBe(true);
    expect(shop.takesKey(deployments, objectKey("shop-old", "web"))).toBe(false);
    expect(shop.takesKey(namespaces, objectKey(undefined, "shop"))).toBe(true);
    expect(shop.takesKey(namespaces, objectKey(undefined, "team"))).toBe(false);
    expect(shop.takesKey(roles, objectKey(undefined, "shop"))).toBe(false);
  });

  it.each(["deployments", "Deployment", "deployments.apps"])("knows a type as %s", (text) => {
    const some = createSelection({ ...EVERYTHING, resources: { include: [text], exclude: [] } });
    expect(some.takesType(deployments)).toBe(true);
    expect(some.takesType(namespaces)).toBe(false);
  });

  it("looks at the captured labels", () => {
    const web = createSelection({ ...EVERYTHING, labelSelector: "app in (web,api),!old" });
    const key = objectKey("shop", "x");
    expect(web.takes(deployments, key, labelled({ app: "web" }))).toBe(true);
    expect(web.takes(deployments, key, labelled({ app: "web", old: "" }))).toBe(false);
    expect(web.takes(deployments, key, Buffer.from('{"metadata":{"name":"x"}}'))).toBe(false);
  });

  it("says which entries fitted nothing", () => {
    const some = createSelection({
      ...EVERYTHING,
      namespaces: { include: ["shop", "shpo"], exclude: [] },
      resources: { include: ["deployments", "deploymnets"], exclude: [] },
    });
    some.takesKey(deployments, objectKey("shop", "web"));
    expect(some.idle()).toEqual([
      "--include-resources deploymnets fits no type that was looked at",
      "--include-namespaces shpo fits no namespace that was looked at",
    ]);
  });
});
