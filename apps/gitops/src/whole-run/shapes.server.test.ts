import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace, secret } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

/** The fields of an Application that these tests read. */
interface Application {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly source: { readonly path: string }; readonly destination: { readonly namespace?: string } };
}

const BRANCH = "kubeferry/main";
const CLUSTER_ROLE: JsonObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "viewer", uid: "u", resourceVersion: "1" },
  rules: [],
};
const OBJECTS = [
  namespace("shop"),
  deployment("shop/web"),
  configMap("shop/settings"),
  secret("shop/login", { password: "a-password-of-the-shop" }),
  CLUSTER_ROLE,
];
const ENVIRONMENTS = {
  dev: { destination: { server: "https://dev.example.com" } },
  prod: { destination: { server: "https://prod.example.com" } },
};

const WEB = {
  namespaces: "namespaces/shop/base/deployment-web.yaml",
  clusters: "clusters/prod-cluster/namespaces/shop/deployment-web.yaml",
};
const SHOWN = { namespaces: "base/deployment-web.yaml", clusters: WEB.clusters };
const MARK = {
  namespaces: "namespaces/shop/.kubeferry.json",
  clusters: "clusters/_all/cluster/.kubeferry.json",
};

describe.skipIf(missingServers("kustomize"))("a repository", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
    await fleet.snapshot(OBJECTS);
  });
  afterEach(() => fleet.close());

  describe.each(["namespaces", "clusters"] as const)("of shape %s", (layout) => {
    const gitops = { layout, environments: ENVIRONMENTS };

    it("has every Application's path, and building it gives the cluster's objects", { timeout: 60_000 }, async () => {
      await fleet.run({ gitops });
      const applications = Object.values(await fleet.files(BRANCH))
        .filter((text) => /^kind: Application$/m.test(text) && !text.includes("directory:"))
        .map((text) => parseYaml(text) as unknown as Application);
      expect(applications.map(({ metadata }) => metadata.name).sort()).toEqual([
        "cluster.dev",
        "cluster.prod",
        "shop-dev",
        "shop-prod",
      ]);
      for (const { spec } of applications) {
        const built = await fleet.build(BRANCH, spec.source.path);
        const inShop = spec.destination.namespace === "shop";
        const expected = inShop ? ["ConfigMap settings", "Deployment web", "Namespace shop"] : ["ClusterRole viewer"];
        expect(Object.keys(built).sort()).toEqual(expected);
      }
    });

    it("is known again, in this shape only, and left alone where people edited it", { timeout: 60_000 }, async () => {
      expect((await fleet.run({ gitops })).files.written).toBeGreaterThan(10);
      await fleet.merge(BRANCH);
      expect(await fleet.run({ gitops })).toMatchObject({ commit: "", frozen: [], status: "complete" });

      const other = layout === "clusters" ? "namespaces" : "clusters";
      const switched = fleet.run({ gitops: { layout: other, environments: ENVIRONMENTS }, allowRemovals: true });
      await expect(switched).rejects.toThrow(
        `${MARK[layout]} was written with gitops.layout: ${layout}, and ${other} is configured`,
      );

      await fleet.edit("main", { [WEB[layout]]: "kind: Deployment\n" });
      const { frozen, commit } = await fleet.run({ gitops });
      expect(frozen).toEqual([{ folder: "namespaces/shop", files: [SHOWN[layout]] }]);
      expect(commit).toBe("");
    });

    it("loses what is proven to be gone, and takes the other shape once it is empty", { timeout: 60_000 }, async () => {
      await fleet.run({ gitops });
      await fleet.merge(BRANCH);
      const before = Object.keys(await fleet.files("main"));
      await fleet.snapshot(OBJECTS.filter((each) => each.kind !== "ConfigMap"));
      await fleet.run({ gitops, allowRemovals: true });
      const after = new Set(Object.keys(await fleet.files(BRANCH)));
      const gone = before.filter((path) => !after.has(path));
      expect(gone.every((path) => path.endsWith("/configmap-settings.yaml"))).toBe(true);
      expect(gone).not.toEqual([]);

      await fleet.edit("main", Object.fromEntries(before.map((path) => [path, null])));
      const other = layout === "clusters" ? "namespaces" : "clusters";
      await fleet.run({ gitops: { layout: other, environments: ENVIRONMENTS } });
      expect(Object.keys(await fleet.files(BRANCH))).toContain(WEB[other]);
    });
  });

  it("of shape clusters is this tree", { timeout: 60_000 }, async () => {
    await fleet.run({ gitops: { layout: "clusters", environments: ENVIRONMENTS } });
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files).filter((path) => !path.includes("dev"))).toEqual([
      "clusters/_all/cluster/.kubeferry.json",
      "clusters/_all/namespaces/shop/.kubeferry.json",
      "clusters/_all/namespaces/shop/secrets.todo.md",
      "clusters/prod-cluster/applications/_cluster.yaml",
      "clusters/prod-cluster/applications/shop.yaml",
      "clusters/prod-cluster/cluster/clusterrole-viewer.yaml",
      "clusters/prod-cluster/cluster/kustomization.yaml",
      "clusters/prod-cluster/namespaces/shop/configmap-settings.yaml",
      "clusters/prod-cluster/namespaces/shop/deployment-web.yaml",
      "clusters/prod-cluster/namespaces/shop/kustomization.yaml",
      "clusters/prod-cluster/namespaces/shop/namespace.yaml",
      "environments/.kubeferry.json",
      "environments/prod/root.yaml",
      "environments/project.yaml",
    ]);
    const root = parseYaml(files["environments/prod/root.yaml"] ?? "") as unknown as Application;
    expect(root.spec.source).toEqual({
      directory: { include: "*.yaml", recurse: false },
      path: "clusters/prod-cluster/applications",
      repoURL: fleet.url,
      targetRevision: "main",
    });
  });
});
