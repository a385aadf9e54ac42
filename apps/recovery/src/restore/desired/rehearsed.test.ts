import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { rehearsed } from "./rehearsed.ts";

const RUN = "20261122t061500z-3f9c2a";

function inDrill(resource: string, group: string, object: JsonObject, workloads = false): JsonObject {
  const ref = { group, resource, kind: "Any", namespace: "shop", name: "web" };
  return rehearsed(object, ref, { run: RUN, kept: false, workloads });
}

describe("an object in a drill", () => {
  it.each([
    ["deployments", "apps", { replicas: 3, paused: false }, { replicas: 0, paused: false }],
    ["statefulsets", "apps", {}, { replicas: 0 }],
    ["cronjobs", "batch", { schedule: "0 * * * *" }, { schedule: "0 * * * *", suspend: true }],
    ["jobs", "batch", { suspend: false }, { suspend: true }],
    ["persistentvolumeclaims", "", { storageClassName: "fast" }, { storageClassName: "kubeferry-drill" }],
  ])("is at rest unless workloads are asked for: %s", (resource, group, spec, expected) => {
    expect(inDrill(resource, group, { spec })).toEqual({ spec: expected });
    expect(inDrill(resource, group, { spec }, true)).toEqual({ spec });
  });

  it("is for no node when it is a DaemonSet", () => {
    const spec = { template: { spec: { nodeSelector: { disk: "ssd" } } } };
    const nodeSelector = { disk: "ssd", "kubeferry.io/drill": "no-node" };
    expect(inDrill("daemonsets", "apps", { spec })).toEqual({ spec: { template: { spec: { nodeSelector } } } });
  });

  it("is reached by nobody from outside, whatever runs", () => {
    const service = {
      spec: {
        type: "LoadBalancer",
        ports: [{ port: 80, nodePort: 30123 }],
        externalIPs: ["192.0.2.1"],
        externalTrafficPolicy: "Local",
        selector: { app: "web" },
      },
    };
    const inside = { spec: { type: "ClusterIP", ports: [{ port: 80 }], selector: { app: "web" } } };
    expect(inDrill("services", "", service, true)).toEqual(inside);
    const metadata = { annotations: { "kubernetes.io/ingress.class": "nginx", a: "b" } };
    expect(inDrill("ingresses", "networking.k8s.io", { metadata, spec: {} }, true)).toEqual({
      metadata: { annotations: { a: "b" } },
      spec: { ingressClassName: "kubeferry-drill" },
    });
    expect(inDrill("routes", "route.openshift.io", { spec: { host: "shop.example.com" } }, true)).toEqual({
      spec: { host: "web.shop.invalid" },
    });
  });

  it("says of a namespace and a definition which drill made it, and of nothing else", () => {
    const labels = { team: "a", "kubeferry.io/drill": RUN };
    expect(inDrill("namespaces", "", { metadata: { labels: { team: "a" } } })).toEqual({ metadata: { labels } });
    const secret = { metadata: { labels: { team: "a" } }, data: {} };
    expect(inDrill("secrets", "", secret)).toEqual(secret);
  });
});
