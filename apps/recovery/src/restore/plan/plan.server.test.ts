import { connectKubeForWriting, type WritableKube } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planFrom } from "../../testing/plan-from.ts";
import { freshStore, takeSnapshot } from "../../testing/take-snapshot.ts";
import type { PlanEntry, RestorePlan, RestoreSettings } from "../restore-plan.ts";

const LIMIT = { timeout: 60_000 };

describe.skipIf(missingServers("kube-apiserver"))("a plan against a real API server", () => {
  let server: KubeApi;
  let target: WritableKube;

  beforeAll(async () => {
    server = await servers.kubeApi();
    target = await connectKubeForWriting({ kubeconfig: server.kubeconfig });
  }, 120_000);

  afterAll(() => target.kube.close());

  async function planOf(objects: readonly JsonObject[], settings: Partial<RestoreSettings> = {}): Promise<RestorePlan> {
    const store = await freshStore();
    return planFrom(await takeSnapshot(store, objects), store, target, settings);
  }

  it(
    "creates everything in an empty cluster, and checks later what waits for a namespace or a type",
    LIMIT,
    async () => {
      const ns = name("empty");
      const plan = await planOf([
        { apiVersion: "v1", kind: "Namespace", metadata: { name: ns } },
        configMap(ns, "web", { a: "1" }),
        { ...widgetDefinition(`${ns}.example.com`) },
        {
          apiVersion: `${ns}.example.com/v1`,
          kind: "Widget",
          metadata: { name: "blue", namespace: ns },
          spec: { size: 1 },
        },
        { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: ns }, rules: [] },
      ]);
      expect(plan.entries.map(line)).toEqual([
        `create definitions widgets.${ns}.example.com dry-run`,
        `create namespaces ${ns} dry-run`,
        `create access ${ns} dry-run`,
        `create configuration ${ns}/web later`,
        `create custom ${ns}/blue later`,
      ]);
    },
  );

  it("says of a changed cluster field by field what a write changes", LIMIT, async () => {
    const ns = await server.freshNamespace();
    await server.apply(configMap(ns, "same", { a: "1" }));
    await server.apply(configMap(ns, "other", { a: "2", more: "stays" }));
    const captured = [configMap(ns, "same", { a: "1" }), configMap(ns, "other", { a: "1" }), configMap(ns, "new", {})];
    const plan = await planOf(captured);
    expect(plan.entries.map(line)).toEqual([
      `create configuration ${ns}/new dry-run`,
      `update configuration ${ns}/other dry-run`,
      `unchanged configuration ${ns}/same not-needed`,
    ]);
    expect(plan.entries[1]?.changes).toEqual([{ path: "/data/a", kind: "changed", before: "2", after: "1" }]);
    const replaced = await planOf(captured, { conflicts: "replace" });
    expect(replaced.entries[1]).toMatchObject({
      action: "replace",
      changes: [
        { path: "/data/a", kind: "changed" },
        { path: "/data/more", kind: "removed", before: "stays" },
      ],
    });
    expect((await planOf(captured, { conflicts: "skip" })).entries[1]).toMatchObject({ action: "skipped" });
    expect((await planOf(captured, { conflicts: "fail" })).entries[1]).toMatchObject({
      action: "blocked",
      obstacle: "conflict",
    });
  });

  it("asks nobody about what is there as it is wanted", LIMIT, async () => {
    const ns = await server.freshNamespace();
    await server.apply(configMap(ns, "same", { a: "1" }));
    await refuseConfigMaps(server, ns, ["CREATE", "UPDATE"]);
    const plan = await planOf([configMap(ns, "same", { a: "1" })]);
    expect(plan.entries).toMatchObject([{ action: "unchanged", checked: "not-needed" }]);
  });

  it("blocks what waits for a namespace that is being removed", LIMIT, async () => {
    const ns = await server.freshNamespace();
    // Without a controller for namespaces it stays like this.
    await server.request("DELETE", `/api/v1/namespaces/${ns}`);
    const plan = await planOf([configMap(ns, "web", { a: "1" })]);
    expect(plan.entries).toMatchObject([
      { obstacle: "terminating", reason: `namespace ${ns} is being removed; plan again when it is gone` },
    ]);
  });

  it("blocks types that the target does not serve, each named up front", LIMIT, async () => {
    const ns = await server.freshNamespace();
    const plan = await planOf([
      { apiVersion: "nobody.example.com/v1", kind: "Widget", metadata: { name: "blue", namespace: ns } },
      { apiVersion: "apps/v1beta1", kind: "Deployment", metadata: { name: "old", namespace: ns }, spec: {} },
    ]);
    expect(plan.entries).toMatchObject([
      { obstacle: "no-type", reason: "the target does not serve deployments.apps of apps/v1beta1, but v1" },
      { obstacle: "no-type" },
    ]);
    expect(plan.warnings).toContain(
      "the target does not serve widgets.nobody.example.com (nobody.example.com/v1): 1 object blocked",
    );
  });

  it("blocks what an admission refuses, in its words", LIMIT, async () => {
    const ns = await server.freshNamespace();
    await refuseConfigMaps(server, ns);
    const plan = await planOf([configMap(ns, "forbidden", { a: "1" })]);
    expect(plan.entries).toMatchObject([{ action: "blocked", obstacle: "refused" }]);
    expect(plan.entries[0]?.reason).toContain("not this one");
  });

  it("blocks what Argo CD would write back, unless that is allowed", LIMIT, async () => {
    const ns = await server.freshNamespace();
    const live = configMap(ns, "web", { a: "2" });
    const annotations = { "argocd.argoproj.io/tracking-id": `shop:/ConfigMap:${ns}/web` };
    await server.apply({ ...live, metadata: { ...(live.metadata as JsonObject), annotations } });
    const captured = [configMap(ns, "web", { a: "1" })];
    expect((await planOf(captured)).entries).toMatchObject([{ action: "blocked", obstacle: "argo-managed" }]);
    expect((await planOf(captured, { argoManaged: "allow" })).entries).toMatchObject([{ action: "update" }]);
  });

  it(
    "binds a claim again only to a volume that is kept for it, and says that its data is not in the backup",
    LIMIT,
    async () => {
      const ns = await server.freshNamespace();
      const [kept, foreign] = [name("kept"), name("foreign")];
      await server.apply(volume(kept, { namespace: ns, name: "kept" }));
      await server.apply(volume(foreign, { namespace: "elsewhere", name: "foreign" }));
      const plan = await planOf([
        claim(ns, "kept", kept),
        claim(ns, "foreign", foreign),
        claim(ns, "gone", name("gone")),
      ]);
      expect(plan.entries.map(({ object, volumeName, reason }) => [object.name, volumeName, reason])).toEqual([
        ["foreign", undefined, "its data is not in the backup"],
        ["gone", undefined, "its data is not in the backup"],
        ["kept", kept, undefined],
      ]);
      expect(plan.warnings).toContain("2 claims will be empty: PVC data is not in the backup");
    },
  );

  it("shows no value of a Secret, wherever it differs or is refused", LIMIT, async () => {
    const ns = await server.freshNamespace();
    await server.apply(secret(ns, "changed", "planted-live-value"));
    const plan = await planOf([secret(ns, "changed", "planted-old-value"), secret(ns, "new", "planted-new-value")]);
    expect(plan.entries).toMatchObject([
      { action: "update", changes: [{ path: "/data/password", kind: "changed", hidden: true }] },
      { action: "create" },
    ]);
    const text = JSON.stringify(plan);
    for (const value of ["planted-live-value", "planted-old-value", "planted-new-value"]) {
      expect(text).not.toContain(value);
      expect(text).not.toContain(Buffer.from(value).toString("base64"));
    }
  });

  it("counts what can never be replaced as unchanged when it is what the snapshot holds", LIMIT, async () => {
    const ns = await server.freshNamespace();
    const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "example.com/a:1" }] } };
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "once", namespace: ns }, spec: { template } };
    await server.apply(job);
    const { body } = await server.request("GET", `/apis/batch/v1/namespaces/${ns}/jobs/once`);
    const live = JSON.parse(body) as JsonObject;
    expect((await planOf([live], { conflicts: "replace" })).entries).toMatchObject([{ action: "unchanged" }]);
    const other = {
      ...live,
      spec: {
        ...(live.spec as JsonObject),
        template: { spec: { ...template.spec, terminationGracePeriodSeconds: 7 } },
      },
    };
    expect((await planOf([other], { conflicts: "replace" })).entries).toMatchObject([
      { action: "blocked", obstacle: "refused" },
    ]);
  });

  it("drops finalizers that nobody there would take off, and says so", LIMIT, async () => {
    const ns = await server.freshNamespace();
    const object = configMap(ns, "held", {});
    const metadata = { ...(object.metadata as JsonObject), finalizers: ["nobody.example.net/hold"] };
    const [entry] = (await planOf([{ ...object, metadata }])).entries;
    expect(entry).toMatchObject({
      action: "create",
      without: { finalizers: ["nobody.example.net/hold"] },
      reason: "without finalizer nobody.example.net/hold: nobody here would take it off",
    });
  });

  it("links children to owners of the plan and of the target, and says which are gone", LIMIT, async () => {
    const ns = await server.freshNamespace();
    await server.apply(configMap(ns, "there", {}));
    const owned = (child: string, owner: string): JsonObject => ({
      ...configMap(ns, child, {}),
      metadata: {
        name: child,
        namespace: ns,
        ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: owner, uid: `uid-ConfigMap-${ns}/${owner}` }],
      },
    });
    const plan = await planOf([
      owned("a", "b"),
      owned("b", "c"),
      configMap(ns, "c", {}),
      owned("d", "there"),
      owned("e", "gone"),
    ]);
    expect(
      plan.entries.map(({ object, depth, owners }) => [object.name, depth, owners?.map((one) => one.object.name)]),
    ).toEqual([
      ["c", 0, undefined],
      ["d", 0, ["there"]],
      ["e", 0, undefined],
      ["b", 1, ["c"]],
      ["a", 2, ["b"]],
    ]);
    expect(plan.entries[2]?.reason).toBe(
      "not linked to its owner ConfigMap gone, which is neither in the plan nor here",
    );
  });
});

function line({ action, wave, object, checked }: PlanEntry): string {
  const place = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  return `${action} ${wave} ${place} ${checked}`;
}

function name(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

function configMap(namespace: string, called: string, data: JsonObject): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: called, namespace }, data };
}

function secret(namespace: string, called: string, value: string): JsonObject {
  const data = { password: Buffer.from(value).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: called, namespace }, type: "Opaque", data };
}

function claim(namespace: string, called: string, volumeName: string): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: called, namespace },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
      storageClassName: "",
      volumeName,
    },
  };
}

function volume(called: string, claimRef: JsonObject): JsonObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: called },
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/tmp/none" },
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", ...claimRef },
    },
  };
}

/** A policy takes a moment until the API server heeds it. */
async function refuseConfigMaps(
  server: KubeApi,
  namespace: string,
  operations: readonly string[] = ["CREATE"],
): Promise<void> {
  const group = "admissionregistration.k8s.io/v1";
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  const resourceRules = [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations }];
  await server.apply({
    apiVersion: group,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: namespace },
    spec: {
      matchConstraints: { namespaceSelector, resourceRules },
      validations: [{ expression: "false", message: "not this one" }],
    },
  });
  await server.apply({
    apiVersion: group,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: namespace },
    spec: { policyName: namespace, validationActions: ["Deny"] },
  });
  const path = `/api/v1/namespaces/${namespace}/configmaps?dryRun=All`;
  for (let tries = 0; tries < 300; tries++) {
    const { status } = await server.request("POST", path, configMap(namespace, "probe", {}));
    if (status >= 400) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the policy never came into force");
}
