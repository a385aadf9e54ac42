import { KubeError, type KubeWriter } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { SnapshotError } from "@kubeferry/snapshot";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  applyPlanned,
  markOf,
  type Planned,
  plannedObject,
  planOf,
  snapshotOf,
  testCall,
} from "../../testing/planned-restore.ts";
import { openTestCluster, type TestCluster } from "../../testing/test-cluster.ts";
import { targetOf } from "./target-of.ts";

describe.skipIf(missingServers("kube-apiserver"))("carrying out a plan on a real API server", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  }, 120_000);
  afterAll(() => cluster?.kube.close());

  const configMap = (namespace: string, name: string, data: JsonObject): Planned => ({
    resource: "configmaps",
    object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data },
  });
  const dataOf = async ({ resource, object }: Planned) =>
    (await cluster.writer.read(targetOf(plannedObject(resource, object)), testCall))?.data;
  const liveOf = async ({ resource, object }: Planned) => {
    const planned = plannedObject(resource, object);
    return markOf((await cluster.writer.read(targetOf(planned), testCall)) ?? {}, planned);
  };

  it("creates what is missing, definitions first, owners before what they own and linked to their new UIDs", {
    timeout: 60_000,
  }, async () => {
    const namespace = await cluster.server.freshNamespace();
    const group = `${namespace}.example.com`;
    const definition: Planned = { resource: "customresourcedefinitions", object: widgetDefinition(group) };
    const widget: Planned = {
      resource: "widgets",
      object: {
        apiVersion: `${group}/v1`,
        kind: "Widget",
        metadata: { name: "w", namespace },
        spec: { size: 9007199254740993n },
      },
      entry: { checked: "later" },
    };
    const owner = { object: plannedObject("widgets", widget.object), controller: true, blockOwnerDeletion: true };
    const child: Planned = {
      ...configMap(namespace, "child", { a: "b" }),
      entry: { wave: "custom", depth: 1, owners: [owner] },
    };
    const second = { object: plannedObject("configmaps", child.object), controller: false, blockOwnerDeletion: false };
    const grandchild: Planned = {
      ...configMap(namespace, "grandchild", {}),
      entry: { wave: "custom", depth: 2, owners: [second] },
    };
    const report = await applyPlanned([definition, widget, child, grandchild], cluster);
    expect(report).toMatchObject({ status: "complete", objects: { created: 4, failed: 0 }, failures: [] });
    const live = await cluster.writer.read(targetOf(plannedObject("widgets", widget.object)), testCall);
    expect(live?.spec).toEqual({ size: 9007199254740993n });
    const made = await cluster.writer.read(targetOf(plannedObject("configmaps", grandchild.object)), testCall);
    const childUid = (await liveOf(child)).uid;
    expect(made?.metadata).toMatchObject({
      ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "child", uid: childUid }],
    });
  });

  it("updates or replaces only what is still as the plan saw it, and says what is not", {
    timeout: 60_000,
  }, async () => {
    const namespace = await cluster.server.freshNamespace();
    const [updated, replaced, changed, gone, appeared] = ["updated", "replaced", "changed", "gone", "appeared"].map(
      (name) => configMap(namespace, name, { from: "snapshot" }),
    ) as [Planned, Planned, Planned, Planned, Planned];
    const there = [updated, replaced, changed].map(({ object }) => ({
      ...object,
      data: { from: "target", extra: "kept" },
    }));
    await cluster.server.apply(...there);
    const withLive = async (one: Planned, action: "update" | "replace"): Promise<Planned> => ({
      ...one,
      entry: { action, live: await liveOf(one) },
    });
    const planned = [
      await withLive(updated, "update"),
      await withLive(replaced, "replace"),
      await withLive(changed, "update"),
      { ...gone, entry: { action: "update" as const, live: { uid: "u", digest: "d" } } },
      appeared,
      { ...configMap(namespace, "lost", {}), entry: { action: "unchanged" as const } },
    ];
    await cluster.server.apply({ ...changed.object, data: { from: "somebody" } });
    await cluster.server.apply({ ...appeared.object, data: { from: "somebody" } });
    const report = await applyPlanned(planned, cluster);
    expect(await dataOf(updated)).toEqual({ from: "snapshot", extra: "kept" });
    expect(await dataOf(replaced)).toEqual({ from: "snapshot" });
    expect(await dataOf(changed)).toEqual({ from: "somebody" });
    expect(await dataOf(appeared)).toEqual({ from: "somebody" });
    expect(report).toMatchObject({ status: "partial", objects: { updated: 1, replaced: 1, changed: 4, failed: 0 } });
    expect(report.notWritten).toEqual([
      {
        object: `configmaps/${namespace}/appeared`,
        reason: "changed since the plan was made: it was not there, and is now with another content",
      },
      { object: `configmaps/${namespace}/changed`, reason: "changed since the plan was made" },
      { object: `configmaps/${namespace}/gone`, reason: "changed since the plan was made: it is gone" },
      { object: `configmaps/${namespace}/lost`, reason: "changed since the plan was made: it is gone" },
    ]);
    const again = await applyPlanned(planned.slice(0, 2), cluster);
    expect(again).toMatchObject({ status: "complete", objects: { unchanged: 2, updated: 0, replaced: 0 } });
  });

  it("writes nothing for a plan of another cluster, of another snapshot, or with a conflict that stops it", async () => {
    const namespace = await cluster.server.freshNamespace();
    const planned = [configMap(namespace, "a", {})];
    const other = planOf(planned, { uid: "other" });
    await expect(applyPlanned(planned, cluster, { plan: other })).rejects.toMatchObject({ kind: "wrong-target" });
    const plan = planOf(planned, cluster);
    const moved = { ...plan, source: { ...plan.source, sha256: "6".repeat(64) } };
    await expect(applyPlanned(planned, cluster, { plan: moved })).rejects.toMatchObject({ kind: "stale-plan" });
    const stopped = [
      ...planned,
      { ...configMap(namespace, "b", {}), entry: { action: "blocked" as const, obstacle: "conflict" as const } },
    ];
    await expect(applyPlanned(stopped, cluster)).rejects.toMatchObject({ kind: "conflict" });
    expect(await dataOf({ ...configMap(namespace, "a", {}) })).toBeUndefined();
  });

  it("writes nothing out of a snapshot that is damaged anywhere in what it needs", async () => {
    const namespace = await cluster.server.freshNamespace();
    const planned = [configMap(namespace, "a", {}), configMap(namespace, "b", {})];
    const whole = snapshotOf(planned);
    async function* objects(...args: Parameters<typeof whole.objects>) {
      for await (const object of whole.objects(...args)) {
        if (object.key.endsWith("/b")) {
          const problem = "its bytes have another digest";
          throw new SnapshotError({ kind: "damaged", who: "snapshot", operation: "read", problem });
        }
        yield object;
      }
    }
    const damaged = applyPlanned(planned, cluster, { snapshot: { ...whole, objects } });
    await expect(damaged).rejects.toMatchObject({
      kind: "damaged",
      problem: "its bytes have another digest; nothing was written",
    });
    expect(await dataOf(configMap(namespace, "a", {}))).toBeUndefined();
  });

  it("goes on after an object that is refused, and tries nothing that needs what failed", async () => {
    const namespace = await cluster.server.freshNamespace();
    const bad = configMap(namespace, "Bad_Name", {});
    const owner = { object: plannedObject("configmaps", bad.object), controller: false, blockOwnerDeletion: false };
    const missing: Planned = {
      resource: "gadgets",
      object: { apiVersion: "nowhere.example.com/v1", kind: "Gadget", metadata: { name: "g", namespace } },
    };
    const owned: Planned = { ...configMap(namespace, "owned", {}), entry: { depth: 1, owners: [owner] } };
    const report = await applyPlanned([bad, configMap(namespace, "good", {}), owned, missing], cluster);
    expect(report).toMatchObject({ status: "partial", objects: { created: 1, failed: 3 } });
    expect(report.failures.map(({ target, kind }) => `${kind} ${target}`)).toEqual([
      `refused configmaps/${namespace}/Bad_Name`,
      `dependency configmaps/${namespace}/owned`,
      `not-found gadgets.nowhere.example.com/${namespace}/g`,
    ]);
    expect(report.failures[1]?.message).toContain(`configmaps/${namespace}/Bad_Name, which it needs, is not there`);
  });

  it("says how much is written when the API server is gone in the middle", async () => {
    const namespace = await cluster.server.freshNamespace();
    const planned = ["a", "b", "c"].map((name) => configMap(namespace, name, {}));
    const gone = {
      kind: "unavailable",
      who: "kube",
      operation: "apply c",
      problem: "no answer",
      next: "look",
    } as const;
    const writer: KubeWriter = {
      ...cluster.writer,
      apply: async (target, object, request, call) => {
        if (target.name === "c") throw new KubeError({ ...gone, unanswered: "not-sent" });
        return cluster.writer.apply(target, object, request, call);
      },
    };
    await expect(applyPlanned(planned, { ...cluster, writer }, { concurrency: 1 })).rejects.toMatchObject({
      kind: "unavailable",
      unanswered: "not-sent",
      message:
        "kube: apply c: unavailable: no answer; look; objects written by then: 2; the same plan goes on from there",
    });
  });

  it("waits for a namespace that is being removed, then fails it and all of it by name", {
    timeout: 60_000,
  }, async () => {
    const stuck = await cluster.server.freshNamespace("stuck");
    const namespace: Planned = {
      resource: "namespaces",
      object: { apiVersion: "v1", kind: "Namespace", metadata: { name: stuck } },
      entry: { action: "unchanged" },
    };
    await cluster.server.request("DELETE", `/api/v1/namespaces/${stuck}`);
    const report = await applyPlanned([namespace, configMap(stuck, "a", {})], cluster, { waitTimeoutMs: 1_000 });
    expect(report.failures).toMatchObject([
      { target: `configmaps/${stuck}/a`, kind: "dependency" },
      { target: `namespaces/${stuck}`, kind: "terminating", message: expect.stringContaining("still there after 1 s") },
    ]);
  });

  it("tries what the plan could not, and all of an old plan, before it writes any of the step", async () => {
    const namespace = await cluster.server.freshNamespace();
    const writes: string[] = [];
    const { writer } = cluster;
    const noting = {
      ...writer,
      apply: (...[target, object, request, call]: Parameters<typeof writer.apply>) => {
        writes.push(`${request.dryRun ? "try" : "apply"} ${target.name}`);
        return writer.apply(target, object, request, call);
      },
    };
    const planned = [
      configMap(namespace, "a", {}),
      { ...configMap(namespace, "b", {}), entry: { checked: "later" as const } },
    ];
    await applyPlanned(planned, { ...cluster, writer: noting }, { concurrency: 1 });
    expect(writes).toEqual(["try b", "apply a", "apply b"]);
    writes.length = 0;
    const others = [configMap(namespace, "c", {}), configMap(namespace, "d", {})];
    const now = () => new Date(Date.now() + 11 * 60_000);
    await applyPlanned(others, { ...cluster, writer: noting }, { concurrency: 1, now });
    expect(writes).toEqual(["try c", "try d", "apply c", "apply d"]);
  });

  it("removes last, only what is as the plan saw it, and finds it done when it runs again", async () => {
    const namespace = await cluster.server.freshNamespace();
    const [extra, changed] = [configMap(namespace, "extra", {}), configMap(namespace, "changed", { a: "1" })];
    await cluster.server.apply(extra.object, changed.object);
    const removal = async (one: Planned): Promise<Planned> => ({
      ...one,
      entry: { action: "remove", live: await liveOf(one) },
    });
    const planned = [await removal(extra), await removal(changed)];
    await cluster.server.apply({ ...changed.object, data: { a: "2" } });
    const report = await applyPlanned(planned, cluster);
    expect(report).toMatchObject({ objects: { removed: 1, changed: 1 } });
    expect(await dataOf(changed)).toEqual({ a: "2" });
    expect(await applyPlanned(planned.slice(0, 1), cluster)).toMatchObject({ objects: { removed: 0, unchanged: 1 } });
  });
});
