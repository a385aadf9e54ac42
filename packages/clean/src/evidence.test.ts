import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import { createEvidence } from "./evidence.ts";
import { applied, live, manager } from "./testing/live.ts";

const { clean, dropReason } = createCleaner();
const FIRST_PORT = ["spec", "ports", 0, "nodePort"];

function service(annotations: JsonObject, ports: readonly JsonObject[] = [{ port: 80, nodePort: 30080 }]): JsonObject {
  return live("v1", "Service", { spec: { ports: [...ports] } }, { annotations });
}

describe("what last-applied says", () => {
  it("holds for every element of a list when none can be told to be the applied one: a port that was renumbered", () => {
    const annotations = applied({ spec: { ports: [{ name: "web", port: 8080, nodePort: 30080 }] } });
    expect(createEvidence(service(annotations)).isOwned(FIRST_PORT)).toBe(true);
  });

  it("holds for its own element only where that can be told", () => {
    const annotations = applied({
      spec: {
        ports: [
          { port: 53, protocol: "TCP" },
          { port: 53, protocol: "UDP", nodePort: 30053 },
        ],
      },
    });
    const ports = [
      { port: 53, protocol: "TCP", nodePort: 31000 },
      { port: 53, protocol: "UDP", nodePort: 30053 },
    ];
    const evidence = createEvidence(service(annotations, ports));
    expect(evidence.isOwned(FIRST_PORT)).toBe(false);
    expect(evidence.isOwned(["spec", "ports", 1, "nodePort"])).toBe(true);
  });

  it.each(["null", "[]", '"text"', "7"])("counts as everything when it is JSON and no object: %s", (text) => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": text };
    expect(createEvidence(service(annotations)).isOwned(FIRST_PORT)).toBe(true);
  });
});

describe("a live object", () => {
  it.each(["uid", "resourceVersion"])("is known by its %s alone", (key) => {
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", [key]: "1", finalizers: ["kubernetes.io/pvc-protection"] },
    };
    expect(clean(claim).object.metadata).toEqual({ name: "data" });
  });
});

describe("an object that somebody applied", () => {
  const account = (...managedFields: readonly JsonObject[]): JsonObject =>
    live("v1", "ServiceAccount", {}, { name: "default", managedFields: [...managedFields] });

  it("is known by a server-side Apply, whatever of it that holds", () => {
    expect(dropReason(account(manager("Apply", {})))).toBeUndefined();
    expect(dropReason(account(manager("Update", {})))?.rule).toBe("default-service-account");
  });

  it("is not known by an Apply of its status", () => {
    expect(dropReason(account({ ...manager("Apply", {}), subresource: "status" }))?.rule).toBe(
      "default-service-account",
    );
  });
});

describe("addresses that somebody chose", () => {
  it("keep the families that they must agree with", () => {
    const spec = {
      clusterIP: "10.0.0.7",
      clusterIPs: ["10.0.0.7"],
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
    };
    const managedFields = [manager("Update", { "f:spec": { "f:clusterIP": {}, "f:clusterIPs": {} } })];
    expect(clean(live("v1", "Service", { spec }, { managedFields })).object.spec).toEqual(spec);
    expect(clean(live("v1", "Service", { spec })).object.spec).toEqual({});
  });
});
