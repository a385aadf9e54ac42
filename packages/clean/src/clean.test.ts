import type { JsonObject, JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanWith } from "./clean.ts";
import { createCleaner } from "./cleaner.ts";
import type { CleaningRule } from "./rules/rule.ts";
import { nastyValue } from "./testing/nasty-values.ts";

const { clean } = createCleaner();

/** What every object of an API server carries. */
const SERVER = {
  uid: "8b0e6a0e-0000-4000-8000-000000000001",
  resourceVersion: "4711",
  generation: 3,
  creationTimestamp: "2026-11-21T06:53:56Z",
};

function lastApplied(object: JsonObject): JsonObject {
  return { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(object) };
}

describe("clean", () => {
  it("drops what only the server sets, status, managedFields and last-applied, and says why", () => {
    const live: JsonObject = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "c",
        namespace: "shop",
        ...SERVER,
        labels: { app: "web" },
        annotations: { keep: "me", ...lastApplied({ data: {} }) },
        managedFields: [{ manager: "kubectl", operation: "Update", fieldsV1: {} }],
      },
      data: { a: "b" },
      status: {},
    };
    const { object, removed } = clean(live);
    expect(object).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "shop", labels: { app: "web" }, annotations: { keep: "me" } },
      data: { a: "b" },
    });
    expect(removed.map(({ path, rule }) => `${rule} ${path}`)).toEqual([
      "server-metadata /metadata/uid",
      "server-metadata /metadata/resourceVersion",
      "server-metadata /metadata/generation",
      "server-metadata /metadata/creationTimestamp",
      "managed-fields /metadata/managedFields",
      "last-applied /metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration",
      "status /status",
    ]);
    expect(removed[0]?.reason).toBe("the API server sets it anew on every object it stores");
  });

  it("leaves no empty annotations behind when the last one goes", () => {
    const live = { metadata: { name: "c", ...SERVER, annotations: lastApplied({}) } };
    expect(clean(live).object).toEqual({ metadata: { name: "c" } });
  });

  it("leaves empty maps, empty lists, null and empty text where they are content", () => {
    const spec = { podSelector: {}, ingress: [], egress: [{}], note: "", gone: null };
    const live = { kind: "NetworkPolicy", metadata: { name: "n", ...SERVER, labels: {}, annotations: {} }, spec };
    expect(clean(live).object).toEqual({
      kind: "NetworkPolicy",
      metadata: { name: "n", labels: {}, annotations: {} },
      spec,
    });
  });

  it("does not touch creationTimestamp, status and the like anywhere but at their place", () => {
    const spec = { template: { metadata: { creationTimestamp: null, uid: "u" }, status: { a: 1 } }, status: "x" };
    const live = { kind: "Widget", metadata: { name: "w", ...SERVER }, spec };
    expect(clean(live).object.spec).toBe(spec);
  });

  it("does not change its input, and shares with it what it leaves alone", () => {
    const live = {
      kind: "X",
      metadata: { name: "x", ...SERVER, annotations: lastApplied({}) },
      spec: { a: [1] },
      status: {},
    };
    const before = structuredClone(live);
    const { object } = clean(live);
    expect(live).toEqual(before);
    expect(object.spec).toBe(live.spec);
  });

  it("keeps keys named __proto__ as data", () => {
    const live = JSON.parse(
      '{"kind":"X","metadata":{"uid":"u","labels":{"__proto__":"p"}},"__proto__":{"a":1}}',
    ) as JsonObject;
    expect(JSON.stringify(clean(live).object)).toBe(
      '{"kind":"X","metadata":{"labels":{"__proto__":"p"}},"__proto__":{"a":1}}',
    );
  });

  it("returns an object that was cleaned before as it is", () => {
    const cleaned = { apiVersion: "v1", kind: "Service", metadata: { name: "s" }, spec: { clusterIP: "10.0.0.9" } };
    expect(clean(cleaned)).toEqual({ object: cleaned, removed: [] });
    expect(clean(cleaned).object).toBe(cleaned);
  });

  it("gives the same object when it is done twice, whatever the object", () => {
    fc.assert(
      fc.property(liveObject, (live) => {
        const once = clean(live, undefined, { ours: () => true }).object;
        expect(clean(once, undefined, { ours: () => true }).object).toEqual(once);
      }),
    );
  });

  it("never takes anything out of a list of a custom resource, whatever a rule says", () => {
    const greedy: CleaningRule = {
      id: "greedy",
      title: "everything in spec.items",
      of: "every object",
      reason: "a test",
      source: "none",
      keptWhen: "nothing",
      appliesTo: () => true,
      find: () => [
        ["spec", "items", 0, "a"],
        ["spec", "b"],
      ],
    };
    const live = { metadata: { uid: "u" }, spec: { items: [{ a: 1 }], b: 2 } };
    const custom = { group: "example.com", kind: "Widget" };
    expect(cleanWith([greedy], live, custom, {}).object.spec).toEqual({ items: [{ a: 1 }] });
    expect(cleanWith([greedy], live, { group: "apps", kind: "Deployment" }, {}).object.spec).toEqual({ items: [{}] });
  });

  it("leaves whatever a custom resource has in its spec", () => {
    fc.assert(
      fc.property(nastyValue, (spec) => {
        const live = { apiVersion: "example.com/v1", kind: "Service", metadata: { name: "w", ...SERVER }, spec };
        expect(clean(live).object.spec).toBe(spec);
      }),
    );
  });
});

const TYPES = [
  ["v1", "Service"],
  ["v1", "PersistentVolume"],
  ["apps/v1", "Deployment"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "Job"],
  ["example.com/v1", "Widget"],
];

/** Objects of the types that rules look at, with fields that they look for, owned or not. */
const liveObject = fc
  .record({
    type: fc.constantFrom(...TYPES),
    isLive: fc.boolean(),
    applied: fc.constantFrom(
      undefined,
      "not json",
      "{}",
      '{"spec":{"clusterIP":"10.0.0.1","ports":[{"port":80,"nodePort":30080}]}}',
    ),
    fields: fc.constantFrom(
      {},
      { "f:spec": { "f:clusterIP": {}, 'k:{"port":80}': {} } },
      { "f:metadata": { "f:annotations": {} } },
    ),
    operation: fc.constantFrom("Apply", "Update"),
    annotations: fc.dictionary(
      fc.constantFrom(
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
        "argocd.argoproj.io/tracking-id",
        "x",
      ),
      fc.constant("1"),
    ),
    labels: fc.dictionary(fc.constantFrom("controller-uid", "batch.kubernetes.io/job-name", "app"), fc.constant("1")),
    spec: fc.record(
      {
        clusterIP: fc.constantFrom("None", "10.0.0.1"),
        clusterIPs: fc.constantFrom(["None"], ["10.0.0.1"]),
        healthCheckNodePort: fc.constant(31000),
        ports: fc.array(fc.record({ port: fc.constantFrom(80, 443), nodePort: fc.constantFrom(30080, 30443) })),
        claimRef: fc.constant({ name: "c", uid: "u", resourceVersion: "1" }),
        selector: fc.constantFrom({ matchLabels: { "controller-uid": "1" } }, { matchLabels: { app: "1" } }, {}),
        extra: nastyValue,
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ type: [apiVersion, kind], isLive, applied, fields, operation, annotations, labels, spec }): JsonObject => {
    const last: JsonObject =
      applied === undefined ? {} : { "kubectl.kubernetes.io/last-applied-configuration": applied };
    const metadata: JsonObject = {
      name: "x",
      ...(isLive ? SERVER : {}),
      labels,
      annotations: { ...annotations, ...last },
      managedFields: [{ operation, fieldsV1: fields as JsonValue }],
    };
    return { apiVersion: apiVersion as string, kind: kind as string, metadata, spec: spec as unknown as JsonObject };
  });
