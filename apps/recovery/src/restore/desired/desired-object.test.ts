import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { captured } from "../../testing/captured.ts";
import { createDesired, type Desired } from "./desired-object.ts";
import { createMapping, type MappingSettings } from "./mapping.ts";

const NOTHING: MappingSettings = { namespaces: {}, storageClasses: {}, images: [], patches: [] };

const core = (kind: string, resource: string, namespaced = true) => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced,
});
const apps = (kind: string, resource: string) => ({ group: "apps", version: "v1", resource, kind });
const rbac = (kind: string, resource: string, namespaced = false) => ({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  resource,
  kind,
  namespaced,
});
const configMaps = core("ConfigMap", "configmaps");
const services = core("Service", "services");
const claims = core("PersistentVolumeClaim", "persistentvolumeclaims");
const volumes = core("PersistentVolume", "persistentvolumes", false);
const jobs = { group: "batch", version: "v1", resource: "jobs", kind: "Job" };

/** What becomes of one object. */
function desired(
  type: Parameters<typeof captured>[0],
  object: JsonObject,
  { sameCluster = false, ...mapping }: Partial<MappingSettings> & { readonly sameCluster?: boolean } = {},
): Desired {
  const settings = { ...NOTHING, ...mapping };
  const of = createDesired({
    cleaner: createCleaner(),
    mapping: createMapping(settings),
    sameCluster,
    storageClasses: settings.storageClasses,
  });
  return of(captured(type, object));
}

function wanted(...args: Parameters<typeof desired>): JsonObject {
  const result = desired(...args);
  if (result.verdict !== "wanted") throw new Error(`not wanted: ${result.reason}`);
  return result.object;
}

const owner = (apiVersion: string, kind: string) => ({
  name: "x",
  namespace: "shop",
  ownerReferences: [{ apiVersion, kind, name: "web", uid: "u-2", controller: true }],
});

describe("what is no matter of a restore", () => {
  it.each<[string, Parameters<typeof captured>[0], JsonObject, string]>([
    ["a node", core("Node", "nodes", false), { metadata: { name: "n" } }, "machines register themselves"],
    [
      "an event",
      core("Event", "events"),
      { metadata: { name: "e", namespace: "shop" } },
      "it tells what happened, and is no state",
    ],
    [
      "namespace default",
      core("Namespace", "namespaces", false),
      { metadata: { name: "default" } },
      "every cluster has this namespace",
    ],
    [
      "a role that the API server makes",
      rbac("ClusterRole", "clusterroles"),
      { metadata: { name: "view", labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } } },
      "the API server makes it when it starts",
    ],
    [
      "a Pod of a ReplicaSet",
      core("Pod", "pods"),
      { metadata: owner("apps/v1", "ReplicaSet") },
      "ReplicaSet web makes it",
    ],
    ["a Job of a CronJob", jobs, { metadata: owner("batch/v1", "CronJob") }, "CronJob web makes it"],
    [
      "a Job that has failed",
      jobs,
      { metadata: { name: "j", namespace: "shop" }, status: { conditions: [{ type: "Failed", status: "True" }] } },
      "it has finished, and would run again",
    ],
    [
      "a Pod that has ended",
      core("Pod", "pods"),
      { metadata: { name: "p", namespace: "shop" }, status: { phase: "Succeeded" } },
      "it has ended, and would run again",
    ],
    [
      "a token of a service account",
      core("Secret", "secrets"),
      {
        metadata: { name: "t", namespace: "shop" },
        type: "kubernetes.io/service-account-token",
        data: { token: "eA==" },
      },
      "the cluster makes the token, and it is valid for this cluster only",
    ],
    [
      "what was being removed",
      configMaps,
      { metadata: { name: "c", namespace: "shop", deletionTimestamp: "2026-11-20T06:00:00Z" } },
      "it was being removed when it was captured",
    ],
  ])("%s is left out", (_, type, object, reason) => {
    expect(desired(type, object)).toEqual({ verdict: "left-out", reason });
  });

  it("is not a Job that runs, nor what a custom resource owns", () => {
    const running = {
      metadata: { name: "j", namespace: "shop" },
      status: { conditions: [{ type: "Complete", status: "False" }] },
    };
    expect(desired(jobs, running).verdict).toBe("wanted");
    expect(desired(configMaps, { metadata: owner("example.com/v1", "Widget") })).toMatchObject({
      verdict: "wanted",
      owners: [{ group: "example.com", kind: "Widget", name: "web", uid: "u-2", controller: true }],
    });
  });

  it("is a storage class that the target has another one for", () => {
    const type = {
      group: "storage.k8s.io",
      version: "v1",
      resource: "storageclasses",
      kind: "StorageClass",
      namespaced: false,
    };
    const classes = { storageClasses: { gp2: "fast" } };
    expect(desired(type, { metadata: { name: "gp2" } }, classes)).toEqual({
      verdict: "left-out",
      reason: "the target has fast in its place",
    });
  });
});

describe("what is written of an object", () => {
  it("never holds status, uid, versions or owners, not even where somebody applied the owners", () => {
    const metadata = owner("example.com/v1", "Widget");
    const applied = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "b" } };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
    const object = { metadata: { ...metadata, annotations, generation: 3 }, data: { a: "b" }, status: { ready: true } };
    expect(wanted(configMaps, object)).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x", namespace: "shop" },
      data: { a: "b" },
    });
  });

  it("keeps a nodePort that somebody applied and the address None, and drops what the server chose", () => {
    const ports = [{ port: 80, nodePort: 30080 }];
    const applied = { apiVersion: "v1", kind: "Service", metadata: { name: "s", namespace: "shop" }, spec: { ports } };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
    const live = {
      metadata: { name: "s", namespace: "shop" },
      spec: { ports, clusterIP: "10.0.0.7", clusterIPs: ["10.0.0.7"] },
    };
    expect(wanted(services, { ...live, metadata: { ...live.metadata, annotations } }).spec).toEqual({ ports });
    expect(wanted(services, live).spec).toEqual({ ports: [{ port: 80 }] });
    const headless = { ...live, spec: { ports: [{ port: 80 }], clusterIP: "None", clusterIPs: ["None"] } };
    expect(wanted(services, headless).spec).toMatchObject({ clusterIP: "None" });
  });

  it("brings back Endpoints that were made by hand", () => {
    const subsets = [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 5432 }] }];
    const endpoints = core("Endpoints", "endpoints");
    const metadata = { name: "db", namespace: "shop" };
    expect(wanted(endpoints, { metadata, subsets })).toMatchObject({ subsets });
    const labels = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
    expect(desired(endpoints, { metadata: { ...metadata, labels }, subsets }).verdict).toBe("left-out");
  });
});

describe("a Secret without its values", () => {
  it("is never written, and said to be without them", () => {
    const annotations = { "kubeferry.io/withheld": "values" };
    const object = { metadata: { name: "db", namespace: "shop", annotations }, data: { password: "" }, type: "Opaque" };
    expect(desired(core("Secret", "secrets"), object)).toMatchObject({
      verdict: "blocked",
      obstacle: "withheld",
      reason: "value not in this backup",
    });
  });
});

describe("an encrypted object that nobody here can open", () => {
  it("is in the plan by its name, with who could read it", () => {
    const settings = { ...NOTHING, namespaces: { shop: "shop-old" } };
    const { type, key } = captured(core("Secret", "secrets"), { metadata: { name: "db", namespace: "shop" } });
    const of = createDesired({
      cleaner: createCleaner(),
      mapping: createMapping(settings),
      sameCluster: false,
      storageClasses: {},
    });
    expect(of({ type, key, readable: false, sealed: { recipients: ["0123456789abcdef"] } })).toEqual({
      verdict: "blocked",
      planned: { group: "", version: "v1", resource: "secrets", kind: "Secret", namespace: "shop-old", name: "db" },
      obstacle: "sealed",
      reason: "encrypted to 0123456789abcdef, and no identity for that is configured",
    });
  });
});

describe("names that are others in the target", () => {
  const shop = { namespaces: { shop: "shop-old" } };

  it("are changed wherever they are known to stand, and counted where a text may mean one", () => {
    const binding = wanted(
      rbac("RoleBinding", "rolebindings", true),
      {
        metadata: { name: "b", namespace: "shop" },
        subjects: [
          { kind: "ServiceAccount", name: "web", namespace: "shop" },
          { kind: "User", name: "system:serviceaccount:shop:web" },
          { kind: "Group", name: "system:serviceaccounts:other" },
        ],
      },
      shop,
    );
    expect(binding).toMatchObject({
      metadata: { namespace: "shop-old" },
      subjects: [
        { namespace: "shop-old" },
        { name: "system:serviceaccount:shop-old:web" },
        { name: "system:serviceaccounts:other" },
      ],
    });
    const text = desired(
      configMaps,
      { metadata: { name: "c", namespace: "shop" }, data: { url: "http://db.shop.svc:80" } },
      shop,
    );
    expect(text).toMatchObject({
      planned: { namespace: "shop-old" },
      object: { data: { url: "http://db.shop.svc:80" } },
      notes: ["1 text in it may name a namespace that is called otherwise here"],
    });
  });

  it("are those of a Namespace itself, its own label too", () => {
    const labels = { "kubernetes.io/metadata.name": "shop", team: "shop" };
    const applied = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
    const namespaces = core("Namespace", "namespaces", false);
    expect(wanted(namespaces, { metadata: { name: "shop", labels, annotations } }, shop).metadata).toEqual({
      name: "shop-old",
      labels: { "kubernetes.io/metadata.name": "shop-old", team: "shop" },
    });
  });

  it("are those of storage classes in claims and in templates of claims", () => {
    const classes = { storageClasses: { gp2: "fast" } };
    const metadata = { name: "x", namespace: "shop" };
    expect(wanted(claims, { metadata, spec: { storageClassName: "gp2" } }, classes).spec).toEqual({
      storageClassName: "fast",
    });
    const volumeClaimTemplates = [{ metadata: { name: "data" }, spec: { storageClassName: "gp2" } }];
    const set = wanted(apps("StatefulSet", "statefulsets"), { metadata, spec: { volumeClaimTemplates } }, classes);
    expect(set.spec).toMatchObject({ volumeClaimTemplates: [{ spec: { storageClassName: "fast" } }] });
  });

  it("are those of images, and patches come last", () => {
    const containers = [{ name: "a", image: "nginx:1.25" }];
    const deployment = {
      metadata: { name: "x", namespace: "shop" },
      spec: { replicas: 3, template: { spec: { containers } } },
    };
    const settings = {
      images: [{ from: "nginx", to: "mirror.example.com/nginx" }],
      patches: [{ target: { kind: "Deployment", name: "*" }, merge: { spec: { replicas: 0 } } }],
    };
    expect(wanted(apps("Deployment", "deployments"), deployment, settings).spec).toMatchObject({
      replicas: 0,
      template: { spec: { containers: [{ image: "mirror.example.com/nginx:1.25" }] } },
    });
  });

  it("block an object that a patch does not fit, and only that", () => {
    const patches = [
      { target: { kind: "ConfigMap", name: "c" }, json: [{ op: "remove" as const, path: "/data/none" }] },
    ];
    expect(desired(configMaps, { metadata: { name: "c", namespace: "shop" }, data: {} }, { patches })).toMatchObject({
      verdict: "blocked",
      obstacle: "unusable",
    });
    expect(desired(configMaps, { metadata: { name: "d", namespace: "shop" }, data: {} }, { patches }).verdict).toBe(
      "wanted",
    );
  });
});

describe("volumes and claims", () => {
  it("a claim comes without the volume it had, even one that somebody named", () => {
    const object = {
      metadata: { name: "data", namespace: "shop" },
      spec: { volumeName: "pv-1", storageClassName: "" },
    };
    expect(desired(claims, object)).toMatchObject({
      verdict: "wanted",
      capturedVolume: "pv-1",
      object: { spec: { storageClassName: "" } },
    });
    expect(wanted(claims, object).spec).not.toHaveProperty("volumeName");
  });

  it.each([
    [
      "made by a provisioner",
      { metadata: { name: "pv", annotations: { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" } }, spec: {} },
    ],
    ["whose data goes with its claim", { metadata: { name: "pv" }, spec: { persistentVolumeReclaimPolicy: "Delete" } }],
  ])("a volume %s is not brought into another cluster, which would own it too", (_, object) => {
    expect(desired(volumes, object)).toMatchObject({ verdict: "blocked", obstacle: "volume" });
    expect(desired(volumes, object, { sameCluster: true }).verdict).toBe("wanted");
  });

  it("a volume of the cluster itself is said to be perhaps without its disk", () => {
    const object = { metadata: { name: "pv" }, spec: { persistentVolumeReclaimPolicy: "Delete" } };
    expect(desired(volumes, object, { sameCluster: true })).toMatchObject({
      notes: ["the disk behind it may be gone: its reclaim policy is Delete"],
    });
  });

  it("a volume that people made is kept for its claim, under the claim's name in the target, without its uid", () => {
    const claimRef = { namespace: "shop", name: "data", uid: "u-9", resourceVersion: "7" };
    const object = { metadata: { name: "pv" }, spec: { persistentVolumeReclaimPolicy: "Retain", claimRef } };
    expect(wanted(volumes, object, { namespaces: { shop: "shop-old" } }).spec).toEqual({
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { namespace: "shop-old", name: "data" },
    });
  });
});
