import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { testCall } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";

/** As `kubectl get -o yaml` gives it: nothing cleaned. */
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    deployment.kubernetes.io/revision: "3"
  creationTimestamp: "2025-01-15T10:30:00Z"
  generation: 3
  name: web
  namespace: shop
  resourceVersion: "123456"
  uid: 0b1c2d3e-0000-4000-8000-000000000001
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - image: nginx:1.29
        name: web
status:
  readyReplicas: 2
`;
const NAMESPACE = `apiVersion: v1
kind: Namespace
metadata:
  labels:
    kubernetes.io/metadata.name: shop
  name: shop
  resourceVersion: "12"
  uid: 0b1c2d3e-0000-4000-8000-000000000002
spec:
  finalizers:
  - kubernetes
status:
  phase: Active
`;
const ROLE = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: viewer
  resourceVersion: "9"
rules: []
`;
const SETTINGS = (greeting: string) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings", namespace: "shop", resourceVersion: "7", uid: "u" },
    data: { greeting },
  });
const AS_JSON = {
  web: JSON.stringify({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop" },
    spec: { clusterIP: "10.0.0.7", ports: [{ port: 80 }] },
  }),
};

const TREES = {
  "clusterbackup/<cluster>/<namespace>/<resources>": {
    prefix: "clusterbackup/{cluster}/",
    files: {
      "clusterbackup/wrl62/shop/deployments/web.yaml": WEB,
      "clusterbackup/wrl62/shop/configmaps/settings.yaml": SETTINGS("hello"),
      "clusterbackup/wrl62/cluster-scoped/namespaces/shop.yaml": NAMESPACE,
      "clusterbackup/wrl62/cluster-scoped/clusterroles/viewer.yaml": ROLE,
    },
  },
  "<domain>/<cluster>/<namespace>/<kind>": {
    prefix: "{domain}/{cluster}",
    files: {
      "crc.testing/wrl62/shop/deployment/web.yaml": WEB,
      "crc.testing/wrl62/shop/configmap/settings.yaml": SETTINGS("hello"),
      "crc.testing/wrl62/_cluster/namespace/shop.yaml": NAMESPACE,
      "crc.testing/wrl62/_cluster/clusterrole/viewer.yaml": ROLE,
    },
  },
  "time stamps, JSON": {
    prefix: "backups/cluster-backup/",
    files: {
      "backups/cluster-backup/2026-03-01T06-00-00/namespaces/shop/configmaps/settings.json": SETTINGS("old"),
      "backups/cluster-backup/2026-03-01T06-00-00/namespaces/shop/services/web.json": AS_JSON.web,
      "backups/cluster-backup/2026-03-02T06-00-00/namespaces/shop/deployments/web.json": JSON.stringify({
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web", namespace: "shop" },
        spec: { replicas: 2 },
      }),
      "backups/cluster-backup/2026-03-02T06-00-00/namespaces/shop/configmaps/settings.json": SETTINGS("hello"),
      "backups/cluster-backup/2026-03-02T06-00-00/cluster/namespaces/shop.json": JSON.stringify({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop" },
      }),
      "backups/cluster-backup/2026-03-02T06-00-00/cluster/clusterroles/viewer.json": JSON.stringify({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "viewer" },
        rules: [],
      }),
    },
  },
  "a mirror of our own": {
    prefix: undefined,
    files: {
      "crc.testing/wrl62/shop/deployments/web.yaml": WEB,
      "crc.testing/wrl62/shop/configmaps/settings.yaml": SETTINGS("hello"),
      "crc.testing/wrl62/_cluster/namespaces/shop.yaml": NAMESPACE,
      "crc.testing/wrl62/_cluster/clusterroles/viewer.yaml": ROLE,
      "crc.testing/wrl62/_mirror.json": "{}",
      "crc.testing/wrl62/_lease.json": "{}",
    },
  },
} as const;

describe.skipIf(missingServers("kustomize"))("a tree of files", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  const config = { cluster: { domain: "crc.testing", name: "wrl62" } };
  const gitopsOf = (prefix: string | undefined) => ({
    environments: { prod: {} },
    source: { type: "tree", ...(prefix === undefined ? {} : { prefix }) },
  });
  async function write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, text] of Object.entries(files)) await fleet.store.put(key, Buffer.from(text), {}, testCall);
  }

  it.each(Object.entries(TREES))(
    "laid out as %s builds to the cleaned objects",
    { timeout: 60_000 },
    async (_, tree) => {
      await write(tree.files);
      const report = await fleet.run({ config, gitops: gitopsOf(tree.prefix) });
      expect(report).toMatchObject({ status: "complete", blocked: [] });
      expect(report.warnings.filter((text) => text.includes("its path says"))).toEqual([]);
      expect(report.warnings).toContain(
        "crc.testing/wrl62: read from a tree of files, which proves nothing gone: no object's file is removed",
      );
      const shop = await fleet.build(BRANCH, "namespaces/shop/prod");
      expect(Object.keys(shop).sort()).toEqual(["ConfigMap settings", "Deployment web", "Namespace shop"]);
      expect(shop["ConfigMap settings"]).toEqual({
        apiVersion: "v1",
        data: { greeting: "hello" },
        kind: "ConfigMap",
        metadata: { name: "settings", namespace: "shop" },
      });
      expect(shop["Deployment web"]).toMatchObject({ spec: { replicas: 2 } });
      expect(shop["Deployment web"]).not.toHaveProperty("status");
      expect(Object.keys(await fleet.build(BRANCH, "cluster/prod"))).toEqual(["ClusterRole viewer"]);
    },
  );

  it("removes no object's file, whatever it lacks, and says the same at the next run", {
    timeout: 60_000,
  }, async () => {
    const gitops = gitopsOf(undefined);
    const { "crc.testing/wrl62/shop/deployments/web.yaml": web, ...others } = TREES["a mirror of our own"].files;
    await write({ ...others, "crc.testing/wrl62/shop/deployments/web.yaml": web });
    await fleet.run({ config, gitops });
    await fleet.merge(BRANCH);
    await fleet.store.delete("crc.testing/wrl62/shop/deployments/web.yaml", testCall);
    expect(await fleet.run({ config, gitops, allowRemovals: true })).toMatchObject({ commit: "", frozen: [] });
    expect(Object.keys(await fleet.files("main"))).toContain("namespaces/shop/base/deployment-web.yaml");
  });

  it("is believed by its objects: paths that say something else are named", { timeout: 60_000 }, async () => {
    await write({
      "crc.testing/wrl62/live/deployments/web.yaml": WEB,
      "crc.testing/wrl62/shop/services/settings.yaml": SETTINGS("hello"),
      "crc.testing/wrl62/shop/configmaps/other.yaml": SETTINGS("hello").replace('"settings"', '"more"'),
    });
    const report = await fleet.run({ config, gitops: gitopsOf(undefined) });
    expect(report.warnings.slice(1)).toEqual([
      "crc.testing/wrl62: live/deployments/web.yaml holds Deployment shop/web, and its path says namespace live",
      "crc.testing/wrl62: shop/configmaps/other.yaml holds ConfigMap shop/more, and its path says name other",
      "crc.testing/wrl62: shop/services/settings.yaml holds ConfigMap shop/settings, and its path says type services",
    ]);
    const shop = await fleet.build(BRANCH, "namespaces/shop/prod");
    expect(Object.keys(shop).sort()).toEqual(["ConfigMap more", "ConfigMap settings", "Deployment web"]);
  });

  it("in a folder gives what streams, lists and definitions hold, and neither of two twins", {
    timeout: 60_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-tree-"));
    try {
      const list = {
        apiVersion: "v1",
        kind: "ConfigMapList",
        items: [{ metadata: { name: "listed", namespace: "shop" } }],
      };
      const definition = {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "mice.example.com" },
        spec: { group: "example.com", scope: "Namespaced", names: { kind: "Mouse", plural: "mice" }, versions: [] },
      };
      const files = {
        "all.yaml": `${NAMESPACE}---\n${WEB}---\n---\napiVersion: example.com/v1\nkind: Mouse\nmetadata: {name: grey, namespace: shop}\n`,
        "list.json": JSON.stringify(list),
        "definition.yml": JSON.stringify(definition),
        "twins/a.json": SETTINGS("one"),
        "twins/b.json": SETTINGS("two"),
        "notes.md": "not read",
      };
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const report = await fleet.run({
        config,
        gitops: { environments: { prod: {} }, source: { type: "tree", path: folder } },
      });
      expect(report.blocked).toEqual([
        { object: "ConfigMap shop/settings", reason: "broken: it is there more than once: twins/a.json, twins/b.json" },
      ]);
      expect(Object.keys(await fleet.build(BRANCH, "namespaces/shop/prod")).sort()).toEqual([
        "ConfigMap listed",
        "Deployment web",
        "Mouse.example.com grey",
        "Namespace shop",
      ]);
      const ownership = (await fleet.files(BRANCH))["namespaces/shop/.kubeferry.json"] ?? "";
      expect(ownership).toContain('"resource": "mice"');
      expect(JSON.stringify(await fleet.files(BRANCH)) + report.snapshot).not.toContain(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("of another cluster than the one a folder was made of leaves that folder alone", { timeout: 60_000 }, async () => {
    await write({ "tree/shop.yaml": NAMESPACE, "tree/viewer.yaml": ROLE });
    await fleet.run({ config, gitops: gitopsOf("tree/") });
    await fleet.merge(BRANCH);
    const other = { cluster: { domain: "crc.testing", name: "other" } };
    const report = await fleet.run({ config: other, gitops: gitopsOf("tree/") });
    expect(report).toMatchObject({ commit: "", status: "partial" });
    expect(report.frozen.map(({ folder }) => folder)).toEqual(["cluster", "namespaces/shop"]);
  });

  it("that is not there is an error, and so is one of a cluster without a name", { timeout: 60_000 }, async () => {
    await expect(fleet.run({ config, gitops: gitopsOf("nothing/here/") })).rejects.toThrow(
      'read the tree of crc.testing/wrl62: no-snapshot: there is no object below "tree nothing/here/"',
    );
    await expect(fleet.run({ gitops: gitopsOf("{cluster}/") })).rejects.toThrow("set cluster.domain and cluster.name");
    const source = { type: "tree", path: "/nonexistent/folder" };
    await expect(fleet.run({ config, gitops: { source } })).rejects.toThrow("look at gitops.source.path");
  });
});
