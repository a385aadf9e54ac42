import type { KubeApi, ListRequest } from "@kubeferry/kube";
import { typeName } from "@kubeferry/model";
import type { Snapshot } from "@kubeferry/snapshot";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackups, testCall } from "./testing/test-backups.ts";

function configMap(namespace: string, name: string, metadata: object = {}): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata }, data: { name } };
}

async function keysOf(snapshot: Snapshot, resource: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of snapshot.states((type) => typeName(type) === resource, testCall)) keys.push(key);
  return keys;
}

function typesRead(snapshot: Snapshot): string[] {
  return snapshot.manifest.types.filter(({ captured }) => captured.status === "read").map(typeName);
}

describe.skipIf(missingServers("kube-apiserver"))("a backup with filters, of a real cluster", () => {
  let server: FreshKubeApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    for (const name of ["shop", "shop-test", "staging"]) {
      await server.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    await server.apply(
      configMap("shop", "web", { labels: { app: "web" }, annotations: { "backup.io/enabled": "true" } }),
      configMap("shop", "cache", { labels: { app: "web", tier: "cache" } }),
      configMap("shop-test", "web", { labels: { app: "web" } }),
      configMap("staging", "api"),
    );
  }, 90_000);
  afterAll(() => server.stop());

  it("takes the whitelisted types and nothing else", { timeout: 60_000 }, async () => {
    const filter = { mode: "whitelist", resources: { include: ["configmaps", "Deployment", "services"] } };
    const { report, snapshot } = await (await openTestBackups({ ...server, backup: { filter } })).run();
    expect(typesRead(snapshot)).toEqual(["configmaps", "services", "deployments.apps"]);
    expect(report).toMatchObject({ status: "complete", warnings: [] });
    const nodes = report.skipped.find(({ resource }) => resource === "nodes");
    expect(nodes).toEqual({
      resource: "nodes",
      reason: "not_in_whitelist: no list of mode whitelist has it",
      count: null,
    });
  });

  it("takes the objects of the namespaces that are named, and says how many it left", { timeout: 60_000 }, async () => {
    const filter = {
      mode: "whitelist",
      resources: { include: ["configmaps", "namespaces"] },
      namespaces: { include: ["shop*", "gone"], exclude: ["/-test$/"] },
    };
    const { report, snapshot } = await (await openTestBackups({ ...server, backup: { filter } })).run();
    expect(await keysOf(snapshot, "configmaps")).toEqual(["shop/cache", "shop/web"]);
    expect(await keysOf(snapshot, "namespaces")).toEqual(["shop"]);
    expect(report.skipped).toContainEqual({ resource: "configmaps", reason: "namespace_excluded", count: 1 });
    expect(report.warnings).toEqual([
      'backup.filter.namespaces.include: "gone" fits no namespace in which anything was seen',
    ]);
    const captured = snapshot.manifest.types.find((type) => typeName(type) === "configmaps")?.captured;
    expect(captured).toMatchObject({ status: "read", scope: { namespaces: filter.namespaces } });
  });

  it("lets the API server apply the label selector, and applies the annotation selector itself", {
    timeout: 60_000,
  }, async () => {
    const asked: ListRequest[] = [];
    const around = (kube: KubeApi): KubeApi => ({
      ...kube,
      list(type, request, call) {
        asked.push(request);
        return kube.list(type, request, call);
      },
    });
    const only = { mode: "whitelist", resources: { include: ["configmaps"] } };
    const backups = await openTestBackups({ ...server, around });
    const labelled = { filter: { ...only, labelSelector: "app=web,tier!=cache" } };
    const { snapshot } = await backups.run(testCall, { backup: labelled });
    expect(await keysOf(snapshot, "configmaps")).toEqual(["shop-test/web", "shop/web"]);
    expect(asked.map(({ labelSelector }) => labelSelector)).toEqual(["app=web,tier!=cache"]);
    const annotated = { filter: { ...only, annotationSelector: "backup.io/enabled=true" } };
    const second = await backups.run(testCall, { backup: annotated });
    expect(await keysOf(second.snapshot, "configmaps")).toEqual(["shop/web"]);
    expect(second.report.removed).toBe(0);
  });

  it("obeys an override for one type, and names what it does not know", { timeout: 60_000 }, async () => {
    const filter = {
      mode: "hybrid",
      resources: { include: ["configmaps", "namespaces", "gadgets"] },
      names: { include: ["web"] },
      overrides: { namespaces: { names: { include: ["*"] } }, services: { take: true } },
    };
    const { report, snapshot } = await (await openTestBackups({ ...server, backup: { filter } })).run();
    expect(typesRead(snapshot)).toEqual(["configmaps", "namespaces", "services"]);
    expect(await keysOf(snapshot, "configmaps")).toEqual(["shop-test/web", "shop/web"]);
    expect(await keysOf(snapshot, "namespaces")).toContain("staging");
    expect(report.warnings).toEqual([
      'backup.filter.resources.include: "gadgets" fits no type that the API server serves',
    ]);
  });

  it("does not report as removed what a new filter leaves out, and takes it again later", {
    timeout: 60_000,
  }, async () => {
    const only = { mode: "whitelist", resources: { include: ["configmaps"] } };
    const backups = await openTestBackups({ ...server, backup: { filter: only } });
    const first = await backups.run();
    const narrow = { filter: { ...only, namespaces: { include: ["staging"] } } };
    const second = await backups.run(testCall, { backup: narrow });
    expect(second.report.removed).toBe(0);
    expect(await keysOf(second.snapshot, "configmaps")).toEqual(["staging/api"]);
    const third = await backups.run();
    expect(await keysOf(third.snapshot, "configmaps")).toEqual(await keysOf(first.snapshot, "configmaps"));
    expect(third.report.removed).toBe(0);
  });

  it("works for a user who may read two namespaces and nothing else", { timeout: 60_000 }, async () => {
    const user = "two-namespaces";
    const reader = { rules: [{ apiGroups: [""], resources: ["configmaps", "services"], verbs: ["get", "list"] }] };
    const subjects = [{ kind: "User", name: user, apiGroup: "rbac.authorization.k8s.io" }];
    const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "reader" };
    for (const namespace of ["shop", "shop-test"]) {
      const metadata = { name: "reader", namespace };
      await server.apply(
        { ...rbac, kind: "Role", metadata, ...reader },
        { ...rbac, kind: "RoleBinding", metadata, subjects, roleRef },
      );
    }
    const identify = [{ apiGroups: [""], resources: ["namespaces"], resourceNames: ["kube-system"], verbs: ["get"] }];
    await server.apply(
      { ...rbac, kind: "ClusterRole", metadata: { name: "identify" }, rules: identify },
      {
        ...rbac,
        kind: "ClusterRoleBinding",
        metadata: { name: "identify" },
        subjects,
        roleRef: { ...roleRef, kind: "ClusterRole", name: "identify" },
      },
    );
    const filter = {
      mode: "whitelist",
      resources: { include: ["configmaps", "services"] },
      namespaces: { include: ["shop", "shop-test"] },
    };
    const kubeconfig = await server.kubeconfigFor(user);
    const backups = await openTestBackups({ kubeconfig, backup: { filter } });
    const { report, snapshot } = await backups.run();
    expect(report).toMatchObject({ status: "complete", unread: [] });
    expect(await keysOf(snapshot, "configmaps")).toEqual(["shop-test/web", "shop/cache", "shop/web"]);

    // In staging the user may read services only: what is kept of one type says nothing about the other.
    const services = [{ apiGroups: [""], resources: ["services"], verbs: ["list"] }];
    const metadata = { name: "reader", namespace: "staging" };
    await server.apply(
      { ...rbac, kind: "Role", metadata, rules: services },
      { ...rbac, kind: "RoleBinding", metadata, subjects, roleRef },
    );
    const wider = { filter: { ...filter, namespaces: { include: ["shop", "staging"] } } };
    const second = await backups.run(testCall, { backup: wider });
    expect(second.report.status).toBe("partial");
    expect(second.report.unread).toMatchObject([{ resource: "configmaps", carried: 3 }]);
    expect(second.snapshot.manifest.types.find(({ resource }) => resource === "services")?.captured.status).toBe(
      "read",
    );
    expect(second.report.unread[0]?.reason).toMatch(/forbidden.*staging/s);
  });

  it("counts a type whose gap is accepted as a complete snapshot", { timeout: 60_000 }, async () => {
    const broken = (kube: KubeApi): KubeApi => ({
      ...kube,
      list(type, request, call) {
        const listed = type.resource === "services" ? { ...type, resource: "nothing" } : type;
        return kube.list(listed, request, call);
      },
    });
    const filter = { mode: "whitelist", resources: { include: ["configmaps", "services"] } };
    const backups = await openTestBackups({ ...server, around: broken, backup: { filter } });
    expect((await backups.run()).report.status).toBe("partial");
    const { report, snapshot } = await backups.run(testCall, { backup: { filter, acceptUnread: ["services"] } });
    expect(report).toMatchObject({ status: "complete", unread: [{ resource: "services", accepted: true }] });
    expect(snapshot.manifest.complete).toBe(true);
  });

  it.each([
    ["maxObjects", { maxObjects: 2 }, "limits.maxObjects (2) was reached"],
    ["maxBytes", { maxBytes: "1Ki" }, "limits.maxBytes (1024 bytes) was reached"],
  ])(
    "ends as partial when %s is reached, and what it did not read is not gone",
    { timeout: 60_000 },
    async (_name, limits, problem) => {
      const filter = {
        mode: "whitelist",
        resources: { include: ["configmaps", "services"] },
        priorities: { services: 1 },
      };
      const backups = await openTestBackups({ ...server, kubernetes: { concurrency: 1 }, backup: { filter } });
      const before = await backups.run();
      const { report, snapshot } = await backups.run(testCall, { limits });
      expect(report).toMatchObject({ status: "partial", removed: 0, objects: before.report.objects });
      expect(report.unread).toMatchObject([{ resource: "configmaps", reason: problem }]);
      expect(snapshot.manifest.failures).toEqual([
        { target: "limits", kind: "quota", message: `${problem}; 1 type is unread and keeps what was there before` },
      ]);
    },
  );

  it("writes nothing when a limit is reached before anything is read, and says which to raise", {
    timeout: 60_000,
  }, async () => {
    // A type without objects would be read whole, where it comes first.
    const backup = { filter: { mode: "whitelist", resources: { include: ["namespaces"] } } };
    const backups = await openTestBackups({ ...server, backup, limits: { maxBytes: "10" } });
    const run = backups.run();
    await expect(run).rejects.toMatchObject({ kind: "nothing-read" });
    await expect(run).rejects.toThrow("limits.maxBytes (10 bytes) was reached; raise that limit");
  });

  it("ends as partial when its time is over, whatever a list is waiting for", { timeout: 60_000 }, async () => {
    const slow = (kube: KubeApi): KubeApi => ({
      ...kube,
      list(type, request, call) {
        const listing = kube.list(type, request, call);
        if (type.resource !== "configmaps") return listing;
        const never = new Promise<never>((_resolve, reject) => {
          call.signal.addEventListener("abort", () => reject(call.signal.reason));
        });
        return {
          end: () => listing.end(),
          async *[Symbol.asyncIterator]() {
            yield await never;
          },
        };
      },
    });
    const filter = { mode: "whitelist", resources: { include: ["configmaps", "services"] } };
    const backups = await openTestBackups({
      ...server,
      around: slow,
      backup: { filter },
      limits: { maxDuration: "2s" },
    });
    const { report } = await backups.run();
    expect(report.unread).toMatchObject([{ resource: "configmaps", reason: "limits.maxDuration (2 s) was reached" }]);
    expect(report.status).toBe("partial");
  });
});
