import type { JsonObject } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import type { CleanSettings } from "./settings/setting-problems.ts";
import { FIELD_FIXTURES } from "./testing/fixtures/index.ts";
import { applied, live, manager } from "./testing/live.ts";

const REPLICAS = { "f:spec": { "f:replicas": {} } };
const STATUS = { "f:status": { "f:phase": {} } };

/** As another cluster would have it. */
function elsewhere(object: JsonObject, metadata: JsonObject = {}, more: JsonObject = {}): JsonObject {
  const own = { uid: "v", resourceVersion: "2", generation: 7, creationTimestamp: "2026-02-02T00:00:00Z" };
  return { ...object, metadata: { ...(object.metadata as JsonObject), ...own, ...metadata }, ...more };
}

function alike(object: JsonObject, other: JsonObject, settings: CleanSettings = {}): boolean {
  const { clean, cleansAlike } = createCleaner(settings);
  return cleansAlike(object, { object: other, view: clean(other).object });
}

const OTHER_VALUES: JsonObject = {
  uid: "w",
  resourceVersion: "3",
  generation: 8,
  creationTimestamp: "2027-03-03T00:00:00Z",
};

/** A status whose content nobody may ask for. */
const UNREADABLE: JsonObject = new Proxy<JsonObject>({}, { get: refuse, has: refuse, ownKeys: refuse });

function refuse(): never {
  throw new Error("a rule reads the status, which copies of an object have otherwise");
}

const web = live("apps/v1", "Deployment", { spec: { replicas: 3 }, status: { readyReplicas: 3 } });
const written = { ...manager("Update", REPLICAS), time: "2026-01-01T00:00:00Z" };
/** A custom resource whose status is what somebody applied. */
const ticket = live(
  "example.com/v1",
  "Ticket",
  { status: { phase: "open" } },
  { managedFields: [manager("Apply", STATUS)] },
);

describe("copies of an object in two clusters are cleaned alike", () => {
  it("where they differ in what a server sets, in the status, and in when fields were written", () => {
    expect(alike(elsewhere(web, {}, { status: { readyReplicas: 1 } }), web)).toBe(true);
    const booked = elsewhere(web, { managedFields: [written] });
    expect(alike(elsewhere(booked, { managedFields: [{ ...written, time: "later" }] }), booked)).toBe(true);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ["a field", elsewhere(web, {}, { spec: { replicas: 2 } }), web],
    ["a label", elsewhere(web, { labels: { tier: "web" } }), web],
    ["one that only one of them has", elsewhere(web, {}, { data: {} }), web],
    ["who wrote a field", elsewhere(web, { managedFields: [manager("Apply", REPLICAS)] }), elsewhere(web)],
    [
      "how it was written",
      elsewhere(web, { managedFields: [{ ...written, operation: "Apply" }] }),
      elsewhere(web, { managedFields: [written] }),
    ],
    ["what was applied", elsewhere(web, { annotations: applied({}) }), web],
    ["a status that is content", { ...ticket, status: { phase: "closed" } }, ticket],
    ["an element of a list", elsewhere(web, { finalizers: ["a"] }), elsewhere(web, { finalizers: ["b"] })],
    ["how many there are", elsewhere(web, { finalizers: ["a"] }), elsewhere(web, { finalizers: ["a", "b"] })],
    ["whether it is live", { ...web, metadata: { name: "x", namespace: "shop" } }, web],
  ])("but not where they differ in %s", (_what, object, other) => {
    expect(alike(object, other)).toBe(false);
    expect(alike(other, object)).toBe(false);
  });

  it("but not where a rule that would take the difference out is switched off, nor with rules of one's own", () => {
    const [status, uid] = [{ ...web, status: { readyReplicas: 1 } }, elsewhere(web)];
    expect(alike(status, web, { disable: ["status"] })).toBe(false);
    expect(alike(uid, web, { disable: ["server-metadata"] })).toBe(false);
    const rule = { id: "mine", reason: "x", types: [], remove: ["/spec/replicas"], evenIfApplied: true };
    expect(alike(uid, web, { rules: [{ ...rule, when: "metadata.uid == 'u'" }] })).toBe(false);
  });

  it("because no rule reads what may differ, in the objects that all of them are tried on", () => {
    const { clean } = createCleaner();
    const objects = FIELD_FIXTURES.flatMap(({ changes, leaves }) => [changes, leaves]);
    const isTakenOut = (object: JsonObject) => clean({ ...object, status: {} }).object.status === undefined;
    const tried = objects.filter((object) => isTakenOut(elsewhere(object)));
    for (const object of tried) {
      const unread = clean(elsewhere(object, {}, { status: UNREADABLE })).object;
      expect(unread).toEqual(clean(elsewhere(object, OTHER_VALUES, { status: {} })).object);
    }
    expect(tried.length).toBeGreaterThan(FIELD_FIXTURES.length);
  });

  it("as deep as an object of a snapshot may be", () => {
    const text = `${'{"a":'.repeat(999)}1${"}".repeat(999)}`;
    const deep = () => ({ ...web, spec: JSON.parse(text) as JsonObject });
    expect(alike(elsewhere(deep()), deep())).toBe(true);
  });

  it("only where cleaning them gives the same, whatever they hold and whoever wrote it", () => {
    let found = 0;
    fc.assert(
      fc.property(copies, fc.subarray(["status", "server-metadata", "managed-fields"]), ([object, other], disable) => {
        if (!alike(object, other, { disable })) return;
        found += 1;
        const { clean } = createCleaner({ disable });
        expect(clean(object).object).toEqual(clean(other).object);
      }),
      { numRuns: 4_000 },
    );
    expect(found).toBeGreaterThan(100);
  });
});

const type = fc.constantFrom<readonly [string, string]>(
  ["v1", "Service"],
  ["v1", "PersistentVolumeClaim"],
  ["apps/v1", "Deployment"],
  ["batch/v1", "Job"],
  ["example.com/v1", "Ticket"],
);
const small = fc.constantFrom("1", "2");
const writers = fc.array(
  fc.record({
    manager: fc.constantFrom("kubectl", "argocd-controller", "kube-controller-manager"),
    operation: fc.constantFrom("Apply", "Update"),
    time: small,
    fieldsV1: fc.constantFrom<JsonObject>(REPLICAS, STATUS, { "f:metadata": { "f:annotations": {} } }, {}),
  }),
  { maxLength: 2 },
);
const metadata = fc.record(
  {
    uid: small,
    resourceVersion: small,
    generation: fc.integer({ min: 1, max: 2 }),
    creationTimestamp: small,
    deletionTimestamp: fc.constant("1"),
    annotations: fc.constantFrom<JsonObject>(
      applied({ spec: { replicas: 1 }, status: { phase: "1" } }),
      { "deployment.kubernetes.io/revision": "1" },
      { "pv.kubernetes.io/bind-completed": "yes" },
    ),
    managedFields: writers,
  },
  { requiredKeys: ["managedFields"] },
);
const content = fc.record(
  {
    spec: fc.constantFrom<JsonObject>({ replicas: 1 }, { clusterIP: "10.0.0.1", ports: [{ port: 80 }] }),
    status: fc.record({ phase: small }),
  },
  { requiredKeys: [] },
);

/** Two of one type that differ in a part or two, mostly in what is of one cluster alone. */
const copies = fc
  .tuple(
    type,
    metadata,
    content,
    metadata,
    fc.subarray(["uid", "generation", "managedFields", "status", "spec"]),
    content,
  )
  .map(([[apiVersion, kind], first, body, second, moved, other]) => {
    const isMoved = ([key]: [string, unknown]) => moved.includes(key);
    const changed = (from: object, by: object) => ({
      ...from,
      ...Object.fromEntries(Object.entries(by).filter(isMoved)),
    });
    const objectOf = (meta: object, rest: object): JsonObject =>
      ({ apiVersion, kind, metadata: { name: "x", namespace: "shop", ...meta }, ...rest }) as JsonObject;
    return [objectOf(first, body), objectOf(changed(first, second), changed(body, other))] as const;
  });
