import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configMap, deployment, named, namespace, role, secret, widget, withMetadata } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";

describe.skipIf(missingServers("kustomize"))("what a run puts into Git", () => {
  let fleet: Fleet;
  beforeEach(async () => {
    fleet = await createFleet("folder");
  });
  afterEach(() => fleet.close());

  it("keeps objects apart whose names differ by case, group or a character that files cannot hold", async () => {
    const long = "a".repeat(253);
    await fleet.snapshot([
      namespace("shop"),
      role("shop/team"),
      role("shop/Team"),
      role("shop/system:reader:all"),
      widget("shop/blue", "example.com"),
      widget("shop/blue", "other.org"),
      configMap(`shop/${long}`),
    ]);
    await fleet.run();
    const built = await fleet.build(BRANCH, "namespaces/shop/prod");
    expect(Object.keys(built).sort()).toEqual([
      `ConfigMap ${long}`,
      "Namespace shop",
      "Role Team",
      "Role system:reader:all",
      "Role team",
      "Widget.example.com blue",
      "Widget.other.org blue",
    ]);
    const names = Object.keys(await fleet.files(BRANCH)).map((path) => path.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain("namespaces/shop/base/role-system%3areader%3aall.yaml");
  });

  it("adopts the namespaces that were named, and those of the platform only when they are written out", async () => {
    await fleet.snapshot(["shop", "team-a", "kube-system", "argocd", "openshift-config"].map(namespace));
    await fleet.run({ gitops: { namespaces: ["team-*"] } });
    expect(foldersOf(await fleet.files(BRANCH))).toEqual(["team-a"]);
    await fleet.run({ gitops: { namespaces: ["*"] } });
    expect(foldersOf(await fleet.files(BRANCH))).toEqual(["shop", "team-a"]);
    await fleet.run({ gitops: { namespaces: ["*", "kube-system"] } });
    expect(foldersOf(await fleet.files(BRANCH))).toEqual(["kube-system", "shop", "team-a"]);
  });

  it("leaves to others what others look after", async () => {
    const helm = withMetadata(configMap("shop/chart"), {
      labels: { "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": "chart" },
    });
    const owned = withMetadata(deployment("shop/made"), {
      ownerReferences: [{ apiVersion: "v1", kind: "Thing", name: "x", uid: "u", controller: true }],
    });
    const claims = ["data-db-0", "data-own"].map((name) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: named(`shop/${name}`),
      spec: { accessModes: ["ReadWriteOnce"] },
    }));
    const database = {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata: named("shop/db"),
      spec: { volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }] },
    };
    const finished = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: named("shop/once"),
      status: { conditions: [{ type: "Complete", status: "True" }] },
    };
    const passing = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: named("shop/migrate"),
      spec: { ttlSecondsAfterFinished: 60 },
    };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: named("shop/bare"), spec: {} };
    const system = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: named("system:x"),
      rules: [],
    };
    const own = { ...system, metadata: named("reader") };
    await fleet.snapshot([namespace("shop"), helm, owned, ...claims, database, finished, passing, pod, system, own]);
    const { lookedAfter } = await fleet.run();
    expect(lookedAfter?.find(({ by }) => by === "Helm")).toEqual({ by: "Helm", objects: 1 });
    expect(Object.keys(await fleet.files(BRANCH)).filter((path) => path.includes("/base/"))).toEqual([
      "cluster/base/clusterrole-reader.yaml",
      "cluster/base/kustomization.yaml",
      "namespaces/shop/base/kustomization.yaml",
      "namespaces/shop/base/namespace.yaml",
      "namespaces/shop/base/persistentvolumeclaim-data-own.yaml",
      "namespaces/shop/base/statefulset-db.yaml",
    ]);
  });

  it("counts in its report what others look after, and warns of a namespace that is mostly theirs", async () => {
    const helm = {
      labels: { "app.kubernetes.io/managed-by": "Helm" },
      annotations: { "meta.helm.sh/release-name": "r" },
    };
    const charted = ["a", "b", "c"].map((name) => withMetadata(configMap(`shop/${name}`), helm));
    await fleet.snapshot([
      namespace("shop"),
      ...charted,
      configMap("shop/own"),
      namespace("team"),
      configMap("team/own"),
    ]);
    for (const mode of ["dry-run", "pull-request"] as const) {
      expect(await fleet.run({ gitops: { mode } })).toMatchObject({
        status: "complete",
        lookedAfter: [{ by: "Helm", objects: 3 }],
        warnings: ["over half of namespaces/shop is looked after by others: Helm"],
      });
    }
    await fleet.snapshot([namespace("shop"), configMap("shop/own")]);
    expect(await fleet.run({ allowRemovals: true })).not.toHaveProperty("lookedAfter");
  });

  it("never writes the value of a Secret, nor an object that somebody copied one into", async () => {
    const planted = "hunter2-planted-value";
    const key = "-----BEGIN PRIVATE KEY-----\nMIIB8zCC+AZmgAwIB/AgI\n-----END PRIVATE KEY-----\n";
    const encoded = Buffer.from(planted, "utf8").toString("base64");
    await fleet.snapshot(
      [
        namespace("shop"),
        secret("shop/db", { password: planted, port: "5432", "tls.key": key }),
        configMap("shop/chain", { "all.pem": `# ours\n${key}# end\n` }),
        configMap("shop/copy", { "app.conf": `url = postgres://db:${planted}@db/shop` }),
        withMetadata(deployment("shop/web"), { annotations: { note: `was ${encoded}` } }),
        configMap("shop/harmless", { port: "5432" }),
      ],
      { secrets: "plain" },
    );
    const report = await fleet.run();
    expect(report.status).toBe("complete");
    expect(report.blocked.slice(0, 3)).toEqual([
      { object: "ConfigMap shop/chain", reason: "it holds the value of a Secret in clear text" },
      { object: "ConfigMap shop/copy", reason: "it holds the value of a Secret in clear text" },
      { object: "Deployment shop/web", reason: "it holds the value of a Secret in clear text" },
    ]);
    const files = await fleet.files(BRANCH);
    expect(Object.keys(files)).toContain("namespaces/shop/base/configmap-harmless.yaml");
    for (const text of Object.values(files)) {
      expect(text).not.toContain(planted);
      expect(text).not.toContain(encoded.slice(0, 20));
      expect(text).not.toContain("MIIB8zCC");
    }
    expect(files["namespaces/shop/secrets.todo.md"]).toContain(
      "| `db` | `Opaque` | `password`, `port`, `tls.key` | in the backup | all |",
    );
  });

  it("is not stopped by a Secret that repeats what the configuration says, as Argo CD's own do", async () => {
    const kept = { url: fleet.url, server: "https://kubernetes.default.svc", name: "shop-live", key: "shop-database" };
    await fleet.snapshot([namespace("argocd"), secret("argocd/fleet", kept), namespace("shop"), configMap("shop/x")], {
      secrets: "plain",
    });
    const report = await fleet.run({
      gitops: { environments: { live: { destination: { server: "https://kubernetes.default.svc" } } } },
    });
    expect(report).toMatchObject({ status: "complete", blocked: [] });
    expect(Object.keys(await fleet.files(BRANCH))).toContain("namespaces/shop/live/application.yaml");
  });

  it("does not call hand-made what the API server keeps for its own Service", async () => {
    const named = { metadata: { name: "kubernetes", namespace: "default", uid: "u" } };
    await fleet.snapshot([
      namespace("default"),
      { apiVersion: "v1", kind: "Service", ...named, spec: {} },
      { apiVersion: "v1", kind: "Endpoints", ...named, subsets: [] },
      { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", ...named, endpoints: [] },
      { apiVersion: "v1", kind: "Endpoints", metadata: { name: "db", namespace: "default", uid: "u" }, subsets: [] },
    ]);
    expect((await fleet.run()).blocked.map(({ object }) => object)).toEqual(["Endpoints default/db"]);
  });

  it("leaves out, and lists, what kustomize would change", async () => {
    const annotated = (name: string, annotation: string) =>
      withMetadata(configMap(`shop/${name}`), { annotations: { [annotation]: "true" } });
    const list = { ...widget("shop/all"), kind: "WidgetList", items: [] };
    await fleet.snapshot([
      namespace("shop"),
      configMap("shop/odd", { text: "a\u0085b" }),
      annotated("local", "config.kubernetes.io/local-config"),
      annotated("numbered", "config.k8s.io/id"),
      list,
      configMap("shop/fine"),
    ]);
    const report = await fleet.run();
    expect(Object.fromEntries(report.blocked.map(({ object, reason }) => [object, reason]))).toEqual({
      "ConfigMap shop/odd": "kustomize cannot carry U+0085, at /data/text",
      "ConfigMap shop/local": "kustomize drops objects annotated config.kubernetes.io/local-config",
      "ConfigMap shop/numbered": "kustomize drops its own annotation config.k8s.io/id",
      "WidgetList.example.com shop/all": "kustomize takes a WidgetList with items for a list of objects",
    });
    expect(Object.keys(await fleet.build(BRANCH, "namespaces/shop/prod"))).toEqual([
      "Namespace shop",
      "ConfigMap fine",
    ]);
  });

  it("leaves out a namespace that is more than Argo CD can build, and goes on with the others", async () => {
    const many = Array.from({ length: 5_001 }, (_, index) => configMap(`huge/c-${index}`));
    await fleet.snapshot([namespace("huge"), ...many, namespace("shop")]);
    const report = await fleet.run();
    expect(report.status).toBe("partial");
    expect(report.blocked).toEqual([
      {
        object: "namespaces/huge",
        reason: expect.stringContaining("5002 objects in one overlay, more than gitops.limits.maxObjects (5000)"),
      },
    ]);
    expect(foldersOf(await fleet.files(BRANCH))).toEqual(["shop"]);
  });

  it("stops at a damaged snapshot, and writes nothing", async () => {
    await fleet.snapshot([namespace("shop"), deployment("shop/web")]);
    const folder = join(storeFolder(fleet), "crc.testing/wrl62/_snapshots/segments");
    for (const name of await readdir(folder)) {
      const bytes = await readFile(join(folder, name));
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      await writeFile(join(folder, name), bytes);
    }
    await expect(fleet.run()).rejects.toMatchObject({ name: "GitOpsError", kind: "damaged" });
    expect(await fleet.tip(BRANCH)).toBe("");
  });

  it("says which clusters could be meant when the configuration names none, and that there is no snapshot", async () => {
    await expect(fleet.run()).rejects.toMatchObject({ kind: "no-snapshot" });
    await fleet.snapshot([namespace("shop")], {}, { domain: "crc.testing", name: "one", uid: "1" });
    await fleet.snapshot([namespace("shop")], {}, { domain: "crc.testing", name: "two", uid: "2" });
    await expect(fleet.run()).rejects.toThrow("the store holds several: crc.testing/one, crc.testing/two");
  });
});

function foldersOf(files: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set(Object.keys(files).flatMap((path) => /^namespaces\/([^/]+)\//.exec(path)?.[1] ?? []))];
}

function storeFolder(fleet: Fleet): string {
  return join(fleet.url, "..", "store");
}
