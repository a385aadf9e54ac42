import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { compareObjects } from "../compare-objects.ts";

const POLICY = { group: "networking.k8s.io", kind: "NetworkPolicy", resource: "networkpolicies" };
const POD = { group: "", kind: "Pod", resource: "pods" };

describe("what a network policy is for, where it does not say so", () => {
  const policy = (spec: JsonObject) => ({ spec: { podSelector: {}, ...spec } });

  it("is not what goes out, with an empty list of rules for it: such a policy lets everything out", () => {
    const closed = policy({ policyTypes: ["Ingress", "Egress"] });
    expect(compareObjects(policy({ egress: [] }), closed, { type: POLICY })).toEqual([
      { path: "/spec/policyTypes/0", kind: "added", after: "Ingress" },
      { path: "/spec/policyTypes/1", kind: "added", after: "Egress" },
    ]);
    expect(compareObjects(policy({ egress: [] }), policy({ policyTypes: ["Ingress"] }), { type: POLICY })).toEqual([]);
  });

  it("is also what goes out, with a rule for it", () => {
    const rule = { egress: [{ to: [{ podSelector: {} }] }] };
    const said = policy({ ...rule, policyTypes: ["Ingress", "Egress"] });
    expect(compareObjects(policy(rule), said, { type: POLICY })).toEqual([]);
  });
});

it.each([
  ["web", "Always"],
  ["registry:5000/web", "Always"],
  ["web:1", "IfNotPresent"],
  ["web@sha256:0a", "IfNotPresent"],
  ["web:latest@sha256:0a", "Always"],
  ["web:1@sha256:0a", "IfNotPresent"],
])("an image %s is pulled %s, and no other policy passes for it", (image, imagePullPolicy) => {
  const pod = (container: JsonObject) => ({ spec: { containers: [{ name: "web", image, ...container }] } });
  const other = imagePullPolicy === "Always" ? "IfNotPresent" : "Always";
  expect(compareObjects(pod({}), pod({ imagePullPolicy }), { type: POD })).toEqual([]);
  expect(compareObjects(pod({}), pod({ imagePullPolicy: other }), { type: POD })).toHaveLength(1);
});
