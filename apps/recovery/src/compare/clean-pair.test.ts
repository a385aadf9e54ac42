import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { cleanPair } from "./clean-pair.ts";
import { compareObjects } from "./compare-objects.ts";

const type = { group: "", kind: "Service", resource: "services" };
const cleaner = createCleaner();

/** A Service as an API server returns it. */
function live(spec: JsonObject, annotations: JsonObject = {}): JsonObject {
  const metadata = { name: "web", uid: "4f1c", resourceVersion: "17", annotations };
  return { apiVersion: "v1", kind: "Service", metadata, spec, status: { loadBalancer: {} } };
}

function changed(before: JsonObject, after: JsonObject): unknown[] {
  const pair = cleanPair(before, after, { type, cleaner });
  return compareObjects(pair.before, pair.after, { type });
}

describe("two states of an object, cleaned for a comparison", () => {
  it("have no status, no versions and no address that the cluster chose", () => {
    const moved = {
      ...live({ clusterIP: "10.0.0.9", ports: [{ port: 80, nodePort: 30081 }] }),
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
    };
    expect(changed(live({ clusterIP: "10.0.0.7", ports: [{ port: 80, nodePort: 30080 }] }), moved)).toEqual([]);
  });

  it("keep what the cluster chose where the other side says it, in whatever order its ports stand", () => {
    const written = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { ports: [{ port: 443 }, { port: 80, nodePort: 30090 }] },
    };
    const ports = [
      { port: 80, nodePort: 30080 },
      { port: 443, nodePort: 30443 },
    ];
    expect(changed(live({ ports }), written)).toEqual([
      { path: "/spec/ports/port=80,protocol=TCP/nodePort", kind: "changed", before: 30080, after: 30090 },
    ]);
  });

  it("do not differ when somebody has only written down what is there", () => {
    const applied = '{"spec":{"ports":[{"port":80,"nodePort":30080}]}}';
    const spec = { ports: [{ port: 80, nodePort: 30080 }] };
    const claimed = live(spec, { "kubectl.kubernetes.io/last-applied-configuration": applied });
    expect(changed(live(spec), claimed)).toEqual([]);
  });
});
