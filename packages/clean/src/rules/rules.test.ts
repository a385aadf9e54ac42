import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "../cleaner.ts";
import type { CleanOptions } from "./rule.ts";

const { clean, dropReason } = createCleaner();

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The object as an API server would return it, with last-applied and managedFields as given. */
function live(
  object: JsonObject,
  evidence: { applied?: JsonObject | string; managers?: JsonObject[] } = {},
): JsonObject {
  const metadata = object.metadata as JsonObject;
  const { applied } = evidence;
  const text = typeof applied === "object" ? JSON.stringify(applied) : applied;
  const annotations = {
    ...(metadata.annotations as JsonObject),
    ...(text === undefined ? {} : { [LAST_APPLIED]: text }),
  };
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: "u-1",
      resourceVersion: "7",
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      managedFields: evidence.managers ?? [],
    },
  };
}

function manager(operation: "Apply" | "Update", fieldsV1: JsonObject): JsonObject {
  return { manager: "someone", operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1 };
}

function cleaned(object: JsonObject, options: CleanOptions = {}): JsonObject {
  return clean(object, undefined, options).object;
}

describe("cluster addresses of a Service", () => {
  const service = (spec: JsonObject): JsonObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec,
  });
  const spec = { clusterIP: "10.0.0.7", clusterIPs: ["10.0.0.7"], ports: [{ port: 80, protocol: "TCP" }] };

  it("go when the server allocated them", () => {
    expect(cleaned(live(service(spec))).spec).toEqual({ ports: [{ port: 80, protocol: "TCP" }] });
  });

  it("stay None for a headless Service, whoever set it", () => {
    const headless = service({ clusterIP: "None", clusterIPs: ["None"], selector: { app: "web" } });
    expect(cleaned(live(headless)).spec).toEqual({ clusterIP: "None", selector: { app: "web" } });
  });

  it("stay when last-applied has them", () => {
    const applied = service({ clusterIP: "10.0.0.7" });
    expect(cleaned(live(service(spec), { applied })).spec).toMatchObject({ clusterIP: "10.0.0.7" });
  });

  it("stay when any client wrote them, also by create", () => {
    for (const operation of ["Apply", "Update"] as const) {
      const managers = [manager(operation, { "f:spec": { "f:clusterIP": {} } })];
      expect(cleaned(live(service(spec), { managers })).spec).toEqual({ clusterIP: "10.0.0.7", ports: spec.ports });
    }
  });

  it("stay both when the list is written, since the server refuses the list alone", () => {
    const managers = [manager("Apply", { "f:spec": { "f:clusterIPs": {} } })];
    expect(cleaned(live(service(spec), { managers })).spec).toEqual(spec);
  });
});

describe("node ports of a Service", () => {
  const service = (ports: JsonObject[]): JsonObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { type: "NodePort", ports },
  });
  const http = { name: "http", port: 80, protocol: "TCP", nodePort: 30080 };
  const dns = { name: "dns", port: 53, protocol: "UDP", nodePort: 30053 };
  const withoutNodePort = ({ nodePort: _, ...port }: JsonObject) => port;
  const portsOf = (object: JsonObject) => (cleaned(object).spec as JsonObject).ports;

  it("go when the server allocated them", () => {
    expect(portsOf(live(service([http, dns])))).toEqual([withoutNodePort(http), withoutNodePort(dns)]);
  });

  it("stay, port by port, where last-applied has one", () => {
    const applied = service([
      { port: 80, nodePort: 30080 },
      { port: 53, protocol: "UDP" },
    ]);
    expect(portsOf(live(service([http, dns]), { applied }))).toEqual([http, withoutNodePort(dns)]);
  });

  it("stay where last-applied names another port than the one that is live now", () => {
    const applied = service([{ port: 80, nodePort: 31111 }]);
    expect(portsOf(live(service([http]), { applied }))).toEqual([http]);
  });

  it("stay, port by port, where a manager wrote one", () => {
    const element = { ".": {}, "f:nodePort": {}, "f:port": {} };
    for (const operation of ["Apply", "Update"] as const) {
      const managers = [manager(operation, { "f:spec": { "f:ports": { 'k:{"port":53,"protocol":"UDP"}': element } } })];
      expect(portsOf(live(service([http, dns]), { managers }))).toEqual([withoutNodePort(http), dns]);
    }
  });

  it("stay when last-applied cannot be read: nothing is removed on a guess", () => {
    expect(portsOf(live(service([http]), { applied: "{ not json" }))).toEqual([http]);
  });

  it("stay in an object that no server returned", () => {
    expect(portsOf(service([http]))).toEqual([http]);
  });

  it("stay in a custom resource of the same kind", () => {
    const foreign = live({ ...service([http]), apiVersion: "serving.knative.dev/v1" });
    expect((cleaned(foreign).spec as JsonObject).ports).toEqual([http]);
  });

  it("go with healthCheckNodePort, unless it is written", () => {
    const balanced = { ...service([http]), spec: { type: "LoadBalancer", healthCheckNodePort: 31000, ports: [http] } };
    expect(cleaned(live(balanced)).spec).toEqual({ type: "LoadBalancer", ports: [withoutNodePort(http)] });
    const managers = [manager("Update", { "f:spec": { "f:healthCheckNodePort": {} } })];
    expect(cleaned(live(balanced, { managers })).spec).toMatchObject({ healthCheckNodePort: 31000 });
  });
});

describe("what controllers count", () => {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", annotations: { "deployment.kubernetes.io/revision": "4" } },
  };

  it("goes from Deployments and DaemonSets", () => {
    expect(cleaned(live(deployment)).metadata).toEqual({ name: "web" });
    const annotations = { "deprecated.daemonset.template.generation": "2", note: "x" };
    const daemonSet = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "log", annotations } };
    expect(cleaned(live(daemonSet)).metadata).toEqual({ name: "log", annotations: { note: "x" } });
  });

  it("stays when last-applied or an Apply manager has it, though not for a controller's update", () => {
    const fields = { "f:metadata": { "f:annotations": { "f:deployment.kubernetes.io/revision": {} } } };
    expect(cleaned(live(deployment, { managers: [manager("Apply", fields)] })).metadata).toEqual(deployment.metadata);
    expect(cleaned(live(deployment, { applied: deployment })).metadata).toEqual(deployment.metadata);
    expect(cleaned(live(deployment, { managers: [manager("Update", fields)] })).metadata).toEqual({ name: "web" });
  });
});

describe("a bound PersistentVolume", () => {
  it("keeps the name of its claim and loses the claim's past instance", () => {
    const claimRef = {
      kind: "PersistentVolumeClaim",
      namespace: "shop",
      name: "data",
      uid: "old",
      resourceVersion: "9",
    };
    const volume = { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: "pv-1" }, spec: { claimRef } };
    expect(cleaned(live(volume)).spec).toEqual({
      claimRef: { kind: "PersistentVolumeClaim", namespace: "shop", name: "data" },
    });
  });
});

describe("a Job", () => {
  const ids = {
    "controller-uid": "u-1",
    "batch.kubernetes.io/controller-uid": "u-1",
    "job-name": "j",
    "batch.kubernetes.io/job-name": "j",
  };
  const job = (spec: JsonObject): JsonObject => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "j" },
    spec,
  });

  it("loses the selector and labels that the server made of its uid", () => {
    const generated = job({
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "u-1" } },
      template: { metadata: { labels: { ...ids, app: "x" } }, spec: {} },
    });
    expect(cleaned(live(generated)).spec).toEqual({ template: { metadata: { labels: { app: "x" } }, spec: {} } });
  });

  it("keeps the rest of a selector that somebody added to", () => {
    const mixed = job({ selector: { matchLabels: { "controller-uid": "u-1", app: "x" } } });
    expect(cleaned(live(mixed)).spec).toEqual({ selector: { matchLabels: { app: "x" } } });
  });

  it("loses generated labels also when somebody applied an empty metadata to its template", () => {
    const generated = job({ template: { metadata: { labels: ids }, spec: {} } });
    const managers = [manager("Apply", { "f:spec": { "f:template": { "f:metadata": {}, "f:spec": {} } } })];
    expect(cleaned(live(generated, { managers })).spec).toEqual({ template: { metadata: {}, spec: {} } });
  });

  it("keeps a label that somebody applied", () => {
    const labelled = job({ template: { metadata: { labels: { "job-name": "j" } } } });
    const managers = [
      manager("Apply", { "f:spec": { "f:template": { "f:metadata": { "f:labels": { "f:job-name": {} } } } } }),
    ];
    expect(cleaned(live(labelled, { managers })).spec).toEqual(labelled.spec);
  });

  it("with a selector of its own keeps everything", () => {
    const manual = job({
      manualSelector: true,
      selector: { matchLabels: { "job-name": "j" } },
      template: { metadata: { labels: ids } },
    });
    expect(cleaned(live(manual)).spec).toEqual(manual.spec);
  });
});

describe("Argo CD's tracking", () => {
  const annotations = {
    "argocd.argoproj.io/tracking-id": "shop-dev:/ConfigMap:shop/c",
    "argocd.argoproj.io/installation-id": "i",
  };
  const labels = { "app.kubernetes.io/instance": "shop-dev" };
  const tracked = live({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c", labels, annotations } });

  it("goes when the Application is ours, also from what Argo CD applied", () => {
    const ours = (trackingId: string) => trackingId.startsWith("shop-dev:");
    expect(cleaned(tracked, { ours }).metadata).toEqual({ name: "c", labels });
  });

  it("stays when it is another's, and by default", () => {
    expect(cleaned(tracked, { ours: () => false }).metadata).toEqual({ name: "c", labels, annotations });
    expect(cleaned(tracked).metadata).toEqual({ name: "c", labels, annotations });
  });
});

describe("dropReason", () => {
  const core = (kind: string, name: string, more: JsonObject = {}, metadata: JsonObject = {}): JsonObject =>
    live({ apiVersion: "v1", kind, metadata: { name, namespace: "shop", ...metadata }, ...more });
  const ruleOf = (object: JsonObject) => dropReason(object)?.rule;

  it("leaves out the default ServiceAccount as long as nobody changed it", () => {
    expect(dropReason(core("ServiceAccount", "default"))).toEqual({
      rule: "default-service-account",
      reason: "the cluster makes one in every namespace",
    });
    expect(ruleOf(core("ServiceAccount", "default", { secrets: [{ name: "default-token-x7k2p" }] }))).toBe(
      "default-service-account",
    );
    expect(ruleOf(core("ServiceAccount", "default", { imagePullSecrets: [{ name: "mine" }] }))).toBeUndefined();
    expect(
      ruleOf(core("ServiceAccount", "default", {}, { annotations: { "eks.amazonaws.com/role-arn": "x" } })),
    ).toBeUndefined();
    expect(ruleOf(core("ServiceAccount", "web"))).toBeUndefined();
  });

  it("leaves out the certificates that the cluster publishes", () => {
    expect(ruleOf(core("ConfigMap", "kube-root-ca.crt"))).toBe("root-ca-config-map");
    const injected = { annotations: { "service.beta.openshift.io/inject-cabundle": "true" } };
    const openshift = core("ConfigMap", "openshift-service-ca.crt", { data: { "service-ca.crt": "x" } }, injected);
    expect(ruleOf(openshift)).toBe("root-ca-config-map");
    expect(ruleOf(core("ConfigMap", "my-ca.crt"))).toBeUndefined();
    expect(ruleOf({ ...core("ConfigMap", "kube-root-ca.crt"), apiVersion: "example.com/v1" })).toBeUndefined();
  });

  it("keeps a ConfigMap that only has the name of a published one: its data or its marks are somebody's", () => {
    const data = { "service-ca.crt": "x" };
    expect(ruleOf(core("ConfigMap", "openshift-service-ca.crt", { data }))).toBeUndefined();
    expect(ruleOf(core("ConfigMap", "kube-root-ca.crt", { data: { "ca.crt": "x", mine: "y" } }))).toBeUndefined();
    expect(ruleOf(core("ConfigMap", "kube-root-ca.crt", { binaryData: { mine: "eA==" } }))).toBeUndefined();
    expect(ruleOf(core("ConfigMap", "constructor", { data }))).toBeUndefined();
  });

  it("leaves out ServiceAccount tokens by the Secret's type", () => {
    expect(ruleOf(core("Secret", "t", { type: "kubernetes.io/service-account-token" }))).toBe("service-account-token");
    expect(ruleOf(core("Secret", "t", { type: "Opaque" }))).toBeUndefined();
  });

  it("leaves out Endpoints and EndpointSlices of controllers and keeps those made by hand", () => {
    const trigger = { annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-11-21T06:53:56Z" } };
    const managed = { labels: { "endpoints.kubernetes.io/managed-by": "endpoint-controller" } };
    expect(ruleOf(core("Endpoints", "web", {}, trigger))).toBe("generated-endpoints");
    expect(ruleOf(core("Endpoints", "web", {}, managed))).toBe("generated-endpoints");
    expect(ruleOf(core("Endpoints", "external-db"))).toBeUndefined();
    const slice = (by: string): JsonObject => ({
      ...core("EndpointSlice", "web-x", {}, { labels: { "endpointslice.kubernetes.io/managed-by": by } }),
      apiVersion: "discovery.k8s.io/v1",
    });
    expect(ruleOf(slice("endpointslice-controller.k8s.io"))).toBe("generated-endpoint-slices");
    expect(ruleOf(slice("endpointslicemirroring-controller.k8s.io"))).toBe("generated-endpoint-slices");
    expect(ruleOf(slice("staff"))).toBeUndefined();
    // Copied from another cluster for a Service without selector: no controller of this one makes them again.
    const applied = { annotations: { ...trigger.annotations, [LAST_APPLIED]: "{}" } };
    expect(ruleOf(core("Endpoints", "old-db", {}, applied))).toBeUndefined();
  });
});
