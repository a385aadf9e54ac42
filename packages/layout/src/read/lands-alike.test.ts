import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CleanSettings, createCleaner } from "@kubeferry/clean";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import { createFolderStore } from "@kubeferry/object-store";
import {
  configMap,
  deployment,
  namespace,
  type SnapshotSpec,
  secret,
  takeSnapshot,
  testCall,
  typeOf,
  widget,
  withMetadata,
} from "@kubeferry/test-fleet";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { managerOf } from "../select/manager.ts";
import { gitView } from "../view/git-view.ts";
import { landsAlike } from "./lands-alike.ts";

const CLUSTER = { domain: "crc.testing", name: "wrl62", uid: "u" };
const NOBODY = { ours: new Set<string>(), inCluster: new Map(), repositoryUrl: "" };

function writer(manager: string, fields: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    manager,
    operation: "Update",
    apiVersion: "apps/v1",
    time: "2026-01-01T00:00:00Z",
    fieldsV1: fields,
    ...more,
  };
}

const WRITERS: JsonValue[] = [
  writer("kubectl", { "f:spec": { "f:replicas": {} } }),
  writer("controller", { "f:status": { "f:readyReplicas": {} } }, { subresource: "status" }),
];
const WEB = withMetadata(deployment("shop/web"), { managedFields: WRITERS });

function job(status: JsonObject): JsonObject {
  const metadata = { name: "once", namespace: "shop", uid: "u", resourceVersion: "1" };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: {}, status };
}

describe("two snapshots of a cluster", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-alike-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Whether the second one gives a run the same; every object has another revision in it. */
  async function alike(
    before: readonly JsonObject[],
    after: readonly JsonObject[],
    { spec = {}, settings = {} }: { readonly spec?: SnapshotSpec; readonly settings?: CleanSettings } = {},
  ): Promise<boolean> {
    const store = createFolderStore({ path: await mkdtemp(join(folder, "store-")), autoCreate: true });
    const older = await takeSnapshot(store, CLUSTER, [namespace("shop"), ...before]);
    const newer = await takeSnapshot(store, CLUSTER, [namespace("shop"), ...after.map(revised)], spec);
    return landsAlike(older, newer, createCleaner(settings), testCall);
  }

  function revised(object: JsonObject): JsonObject {
    return withMetadata(object, { resourceVersion: "2" });
  }

  const ticked = { ...WEB, status: { readyReplicas: 1, conditions: [{ type: "Available" }] } };

  it("are alike when only a status moved, and who wrote it when", async () => {
    const wrote = writer(
      "controller",
      { "f:status": { "f:conditions": {} } },
      { subresource: "status", time: "later" },
    );
    const moved = withMetadata(ticked, { managedFields: [WRITERS[0] ?? null, wrote] });
    expect(await alike([WEB, configMap("shop/a")], [moved, configMap("shop/a")])).toBe(true);
  });

  it.each([
    ["a field", [WEB], [deployment("shop/web", 3)]],
    ["a field together with the status", [WEB], [{ ...deployment("shop/web", 3), status: {} }]],
    ["a label", [WEB], [withMetadata(WEB, { labels: { tier: "web" } })]],
    ["that it is being deleted", [WEB], [withMetadata(WEB, { deletionTimestamp: "2026-01-02T00:00:00Z" })]],
    ["who wrote a field", [WEB], [withMetadata(WEB, { managedFields: [WRITERS[1] ?? null] })]],
    ["the status of a Job", [job({})], [job({ completionTime: "2026-01-02T00:00:00Z" })]],
    ["the revision of a Secret", [secret("shop/a", { a: "b" })], [secret("shop/a", { a: "b" })]],
    ["an object's name", [configMap("shop/a")], [configMap("shop/b")]],
    ["an object more", [configMap("shop/a")], [configMap("shop/a"), configMap("shop/b")]],
    ["an object less", [configMap("shop/a"), configMap("shop/b")], [configMap("shop/a")]],
  ])("differ by %s", async (_what, before, after) => {
    expect(await alike(before, after)).toBe(false);
  });

  it("differ by an integer that a double does not hold", async () => {
    const large = widget("shop/large", "example.com", { size: 2 ** 53 });
    const lines = { "Widget shop/large": JSON.stringify(large).replace("9007199254740992", "9007199254740993") };
    expect(await alike([large], [large], { spec: { lines } })).toBe(false);
  });

  it("differ by a status that goes into Git", async () => {
    expect(await alike([WEB], [ticked], { settings: { disable: ["status"] } })).toBe(false);
  });

  it("differ by a type that was not read", async () => {
    expect(await alike([WEB], [WEB], { spec: { unread: ["widgets.example.com"] } })).toBe(false);
  });

  it("are alike only when Git would hold the same of them, whatever moves", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(EDITS, { minLength: 1, maxLength: 3 }), async (edits) => {
        const after = edits.reduce((object, edit) => edit(object), WEB);
        if (!(await alike([WEB], [after]))) return;
        const cleaner = createCleaner();
        const type = typeOf(WEB);
        expect(gitView(after, type, cleaner)).toEqual(gitView(WEB, type, cleaner));
        expect(gitView(after, type, cleaner, SCALED)).toEqual(gitView(WEB, type, cleaner, SCALED));
        expect(cleaner.dropReason(after, type)).toEqual(cleaner.dropReason(WEB, type));
        expect(managerOf(after, NOBODY)).toBe(managerOf(WEB, NOBODY));
      }),
      { numRuns: 60 },
    );
  });
});

const SCALED = { scaled: true, applications: new Set<string>() };

/** What may happen to an object between two snapshots. */
const EDITS: ((object: JsonObject) => JsonObject)[] = [
  (object) => ({ ...object, status: { readyReplicas: 7 } }),
  ({ status: _, ...object }) => object,
  (object) => ({ ...object, spec: { replicas: 9 } }),
  (object) => withMetadata(object, { generation: 8 }),
  (object) => withMetadata(object, { labels: { "app.kubernetes.io/instance": "x" } }),
  (object) => withMetadata(object, { annotations: { "meta.helm.sh/release-name": "x" } }),
  (object) => withMetadata(object, { ownerReferences: [{ kind: "Other", name: "x", controller: true }] }),
  (object) => withMetadata(object, { managedFields: [] }),
  (object) =>
    withMetadata(object, { managedFields: [...WRITERS, writer("hpa", { "f:status": {} }, { subresource: "status" })] }),
  (object) =>
    withMetadata(object, {
      managedFields: [writer("kubectl", { "f:spec": { "f:replicas": {} } }, { operation: "Apply" })],
    }),
  (object) => withMetadata(object, { managedFields: [writer("kubectl", { "f:status": {}, "f:spec": {} })] }),
];
