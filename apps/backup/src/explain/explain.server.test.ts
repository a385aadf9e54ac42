import { connectKube, type KubeApi } from "@kubeferry/kube";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configWith } from "../testing/filter-of.ts";
import { testCall } from "../testing/test-backups.ts";
import { explainObject } from "./explain-object.ts";
import { explainTypes } from "./explain-types.ts";

const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } };

describe.skipIf(missingServers("kube-apiserver"))("why something is taken, on a real cluster", () => {
  let server: FreshKubeApi;
  let kube: KubeApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    kube = await connectKube({ kubeconfig: server.kubeconfig });
    const metadata = { name: "web", namespace: "shop", labels: { app: "web" } };
    const spec = { replicas: 1, selector: { matchLabels: { app: "web" } }, template };
    await server.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec },
    );
    const owner = await server.request("GET", "/apis/apps/v1/namespaces/shop/deployments/web");
    const { uid } = (JSON.parse(owner.body) as { metadata: { uid: string } }).metadata;
    const ownerReferences = [{ apiVersion: "apps/v1", kind: "Deployment", name: "web", uid, controller: true }];
    await server.apply({
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { ...metadata, name: "web-1", ownerReferences },
      spec,
    });
  }, 90_000);
  afterAll(async () => {
    await kube.close();
    await server.stop();
  });

  it("is said of every type, in the words of a run's report", { timeout: 60_000 }, async () => {
    const filter =
      "{ mode: hybrid, groups: { include: [apps, core], exclude: ['*.k8s.io'] }, crds: [widgets.example.com] }";
    const { openShift, types, warnings } = await explainTypes({ kube, config: await configWith(filter) }, testCall);
    expect(openShift).toBe(false);
    const told = Object.fromEntries(types.map(({ resource, taken, reason }) => [resource, `${taken} ${reason}`]));
    expect(told).toMatchObject({
      "deployments.apps": "true included",
      events: "false skipped_by_default",
      "leases.coordination.k8s.io": "false excluded_by_blacklist",
      "jobs.batch": "false not_in_whitelist",
    });
    expect(warnings).toEqual(['backup.filter.crds: "widgets.example.com" fits no type that the API server serves']);
  });

  it.each([
    ["{}", "deployments", "web", true, "by_default", ""],
    ["{}", "Deployment.apps", "web", true, "by_default", ""],
    [
      "{ kinds: { exclude: [Deployment] } }",
      "deployment",
      "web",
      false,
      "excluded_by_blacklist",
      "backup.filter.kinds.exclude has Deployment",
    ],
    [
      "{ namespaces: { exclude: [sh*] } }",
      "deployments",
      "web",
      false,
      "namespace_excluded",
      "include: [], exclude: [sh*]",
    ],
    ["{ names: { include: [api] } }", "deployments", "web", false, "name_not_included", "include: [api], exclude: []"],
    ["{ labelSelector: app=web }", "deployments", "web", true, "by_default", ""],
    ["{ labelSelector: app!=web }", "deployments", "web", false, "label_selector", "app!=web"],
    ["{ annotationSelector: keep }", "deployments", "web", false, "annotation_selector", "keep"],
    ["{}", "rs", "web-1", undefined, "the API server serves no such type", ""],
    [
      "{}",
      "replicasets",
      "web-1",
      false,
      "owned",
      "made by a controller that is in the snapshot, if its type can be read",
    ],
    ["{ ownerRule: false }", "replicasets", "web-1", true, "by_default", ""],
    ["{ resources: { exclude: [deployments] } }", "replicasets", "web-1", true, "by_default", ""],
  ])("with %s, %s shop/%s: %s, %s", { timeout: 60_000 }, async (filter, type, name, taken, reason, detail) => {
    const around = { kube, config: await configWith(filter) };
    const asked = explainObject({ type, namespace: "shop", name }, around, testCall);
    if (taken === undefined) await expect(asked).rejects.toThrow(reason);
    else expect(await asked).toMatchObject({ taken, reason, detail });
  });

  it("needs an object that is there, and its namespace", { timeout: 60_000 }, async () => {
    const around = { kube, config: await configWith("{}") };
    await expect(explainObject({ type: "deployments", name: "web" }, around, testCall)).rejects.toThrow(
      /name that too/,
    );
    const gone = explainObject({ type: "deployments", namespace: "shop", name: "gone" }, around, testCall);
    await expect(gone).rejects.toThrow(/not-found/);
  });
});
