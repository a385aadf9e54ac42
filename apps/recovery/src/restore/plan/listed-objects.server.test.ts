import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { WITHHELD_ANNOTATION } from "@kubeferry/clean";
import { connectKubeForWriting, type ListedObject, type WritableKube } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { type Snapshot, SnapshotError } from "@kubeferry/snapshot";
import { EVERYTHING, RESTORE_EVERYTHING, widgetDefinition } from "@kubeferry/test-fleet";
import { type KubeApi, missingServers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planFrom } from "../../testing/plan-from.ts";
import { freshStore, quietCall, takeSnapshot } from "../../testing/take-snapshot.ts";
import { openTestCluster, type TestCluster } from "../../testing/test-cluster.ts";
import { connectionsFor, planRestore } from "./plan-restore.ts";

const LIMIT = { timeout: 60_000 };

describe.skipIf(missingServers("kube-apiserver"))("a plan by lists of a real API server", () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await openTestCluster();
  }, 120_000);

  afterAll(() => cluster.kube.close());

  it("plans the same for a user who may not list, and has to ask for each object", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const there = ["a", "b", "c", "d"].map((one) => configMap(ns, one, { a: "1" }));
    await cluster.server.apply(...there, { ...configMap(ns, "moved", { a: "2" }) });
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [
      ...there,
      configMap(ns, "moved", { a: "1" }),
      configMap(ns, "new", {}),
    ]);
    const kubeconfig = await userOf(cluster.server, ["get", "create", "patch"]);
    const user = await connectKubeForWriting({ kubeconfig });
    try {
      const settings = { filter: { ...EVERYTHING, namespaces: { include: [ns], exclude: [] } } };
      const [listed, asked] = [
        await planFrom(snapshot, store, cluster, settings),
        await planFrom(snapshot, store, user, settings),
      ];
      expect(listed.entries.map(({ action }) => action).sort()).toEqual([
        ...["create", "unchanged", "unchanged", "unchanged", "unchanged", "update"],
      ]);
      expect(asked.entries).toEqual(listed.entries);
    } finally {
      await user.kube.close();
    }
  });

  it("plans by what is there now where it moved since it was listed", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const names = ["comes", "goes", "moves", "stays"];
    await cluster.server.apply(...names.filter((one) => one !== "comes").map((one) => configMap(ns, one, { a: "2" })));
    const moving: WritableKube = {
      ...cluster,
      kube: onceListed(cluster.kube, "configmaps", async () => {
        await cluster.server.apply(configMap(ns, "comes", { a: "3" }), configMap(ns, "moves", { a: "4" }));
        await cluster.server.request("DELETE", `/api/v1/namespaces/${ns}/configmaps/goes`);
      }),
    };
    const store = await freshStore();
    const snapshot = await takeSnapshot(
      store,
      names.map((one) => configMap(ns, one, { a: "1" })),
    );
    const { entries } = await planFrom(snapshot, store, moving);
    expect(entries.map(({ object, action, changes }) => [object.name, action, changes[0]?.before])).toEqual([
      ["comes", "update", "3"],
      ["goes", "create", undefined],
      ["moves", "update", "4"],
      ["stays", "update", "2"],
    ]);
  });

  it("asks for no object about which list and dry run agree", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const [definition, names] = [widgetDefinition(`${ns}.example.com`), ["a", "b", "c", "d"]];
    const widget = (called: string, size: number): JsonObject => ({
      apiVersion: `${ns}.example.com/v1`,
      kind: "Widget",
      metadata: { name: called, namespace: ns },
      spec: { size },
    });
    await cluster.server.apply(definition, ...names.flatMap((one) => [configMap(ns, one, { a: "2" }), widget(one, 2)]));
    const store = await freshStore();
    const wanted = [...names, "new"].flatMap((one) => [configMap(ns, one, { a: "1" }), widget(one, 1)]);
    const snapshot = await takeSnapshot(store, wanted);
    const read: string[] = [];
    const writer: WritableKube["writer"] = {
      ...cluster.writer,
      read: (object, call) => {
        read.push(object.name);
        return cluster.writer.read(object, call);
      },
    };
    const plan = await planFrom(snapshot, store, { ...cluster, writer });
    expect(plan.entries.filter(({ action }) => action === "update")).toHaveLength(8);
    expect(read).toEqual([]);
  });

  it("plans what is there in a namespace that it took for a new one, by what is there", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    await cluster.server.apply(...["a", "b", "c"].map((one) => secret(ns, one, "old")));
    const store = await freshStore();
    // So many that what became of the first ones is known when the Secrets' turn comes.
    const maps = Array.from({ length: 40 }, (_, number) => configMap(ns, `new-${number}`, { a: "1" }));
    const snapshot = await takeSnapshot(store, [...maps, ...["a", "b"].map((one) => secret(ns, one, "new"))]);
    const calls: string[] = [];
    const writer: WritableKube["writer"] = {
      ...cluster.writer,
      read: (target, call) => {
        calls.push(`read ${target.name}`);
        return cluster.writer.read(target, call);
      },
      apply: (target, object, options, call) => {
        if (target.type.resource === "secrets") calls.push(`try ${target.name}`);
        return cluster.writer.apply(target, object, options, call);
      },
    };
    const { entries } = await planFrom(snapshot, store, { ...cluster, writer });
    expect(entries.map(({ action }) => action)).toEqual([...maps.map(() => "create"), "update", "update"]);
    expect(calls.filter((one) => one.endsWith(" a"))).toEqual(["try a", "read a", "try a"]);
  });

  it("says of what cannot be written that one is there, in a namespace that it took for a new one", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    await cluster.server.apply(secret(ns, "a", "old"));
    const store = await freshStore();
    const maps = Array.from({ length: 40 }, (_, number) => configMap(ns, `new-${number}`, { a: "1" }));
    const snapshot = await takeSnapshot(store, [...maps, withheldSecret(ns, "a")]);
    const { entries } = await planFrom(snapshot, store, cluster);
    expect(entries.find(({ object }) => object.resource === "secrets")?.reason).toContain("the one that is there");
  });

  it("plans one object at a time beside lists that are larger than what is read ahead", {
    timeout: 20_000,
  }, async () => {
    const ns = await cluster.server.freshNamespace();
    // Lists come compressed: what repeats itself would be small.
    const large = randomBytes(100_000).toString("base64");
    const names = Array.from({ length: 30 }, (_, number) => `m-${number}`);
    await cluster.server.apply(...names.map((one) => configMap(ns, one, { large })));
    const store = await freshStore();
    const snapshot = await takeSnapshot(
      store,
      names.slice(0, 8).map((one) => configMap(ns, one, { small: "1" })),
    );
    const narrow = await connectKubeForWriting({
      kubeconfig: cluster.server.kubeconfig,
      connections: connectionsFor(1),
    });
    try {
      const run = { concurrency: 1, toolVersion: "test", now: () => new Date(), clean: {} };
      const made = planRestore({ snapshot, store, ...narrow, settings: RESTORE_EVERYTHING, ...run }, quietCall);
      expect((await made).entries.map(({ action }) => action)).toEqual(names.slice(0, 8).map(() => "update"));
    } finally {
      await narrow.kube.close();
    }
  });

  it("reads what the API said of types only where two versions of an object are compared", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [configMap(ns, "a", { a: "1" }), configMap(ns, "b", { a: "1" })]);
    let read = 0;
    const counting: Snapshot = {
      ...snapshot,
      api: (call) => {
        read += 1;
        return snapshot.api(call);
      },
    };
    const planned = async () => (await planFrom(counting, store, cluster)).entries.map(({ action }) => action);
    expect([await planned(), read]).toEqual([["create", "create"], 0]);
    await cluster.server.apply(configMap(ns, "a", { a: "2" }), configMap(ns, "b", { a: "2" }));
    // Once for both comparisons.
    expect([await planned(), read]).toEqual([["update", "update"], 1]);
  });

  it("opens each segment once, to verify, to survey and to plan it", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [configMap(ns, "a", { a: "1" }), secret(ns, "b", "1")]);
    const opened: string[] = [];
    const counting: Snapshot = {
      ...snapshot,
      segmentObjects: (segment, call) => {
        opened.push(segment.first);
        return snapshot.segmentObjects(segment, call);
      },
    };
    expect((await planFrom(counting, store, cluster)).entries).toHaveLength(2);
    expect(opened).toEqual([`${ns}/a`, `${ns}/b`]);
  });

  it("refuses a snapshot whose API documents are other bytes, also where it needs none of them", LIMIT, async () => {
    const ns = await cluster.server.freshNamespace();
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [configMap(ns, "a", { a: "1" })]);
    const { sha256, sizeBytes } = snapshot.manifest.api;
    await store.put(`_snapshots/api/${sha256}.json.zst`, Buffer.alloc(sizeBytes), {}, quietCall);
    await expect(planFrom(snapshot, store, cluster)).rejects.toMatchObject({
      kind: "damaged",
      operation: "verify snapshot 1",
    });
  });

  it("names the damaged snapshot where the target does not answer either", LIMIT, async () => {
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [configMap("shop", "a", {})]);
    const kube = { ...cluster.kube, identify: () => Promise.reject(new Error("no answer")) };
    const damaged: Snapshot = { ...snapshot, segmentObjects: () => Promise.reject(damage()) };
    await expect(planFrom(damaged, store, { ...cluster, kube })).rejects.toMatchObject({ kind: "damaged" });
  });

  it("stops asking a target that takes its time once the snapshot turns out to be damaged", {
    timeout: 10_000,
  }, async () => {
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [configMap("shop", "a", {})]);
    const identify: WritableKube["kube"]["identify"] = (_named, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const damaged: Snapshot = { ...snapshot, segmentObjects: () => Promise.reject(damage()) };
    const asked = planFrom(damaged, store, { ...cluster, kube: { ...cluster.kube, identify } });
    await expect(asked).rejects.toMatchObject({ kind: "damaged" });
  });
});

/** A user who may do this with ConfigMaps and nothing else, beside what every plan reads. @returns a kubeconfig */
async function userOf(server: KubeApi, verbs: readonly string[]): Promise<string> {
  const user = name("planner");
  const group = "rbac.authorization.k8s.io";
  const rules = [
    { apiGroups: [""], resources: ["configmaps"], verbs },
    { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list"] },
  ];
  await server.apply(
    { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata: { name: user }, rules },
    {
      apiVersion: `${group}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: user },
      roleRef: { apiGroup: group, kind: "ClusterRole", name: user },
      subjects: [{ apiGroup: group, kind: "User", name: user }],
    },
  );
  return server.kubeconfigFor(user);
}

/** A cluster in which something happens between a list of this type and whatever comes of it. */
function onceListed(kube: WritableKube["kube"], resource: string, happens: () => Promise<void>): WritableKube["kube"] {
  return {
    ...kube,
    list(type, request, call) {
      const listing = kube.list(type, request, call);
      if (type.resource !== resource) return listing;
      return {
        end: () => listing.end(),
        async *[Symbol.asyncIterator]() {
          const objects: ListedObject[] = [];
          for await (const object of listing) objects.push(object);
          await happens();
          yield* objects;
        },
      };
    },
  };
}

function damage(): SnapshotError {
  return new SnapshotError({ kind: "damaged", who: "snapshot", operation: "read it", problem: "it is damaged" });
}

function name(prefix: string): string {
  return `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
}

function secret(namespace: string, called: string, value: string): JsonObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: called, namespace }, data: { value: btoa(value) } };
}

function withheldSecret(namespace: string, called: string): JsonObject {
  const metadata = { name: called, namespace, annotations: { [WITHHELD_ANNOTATION]: "values" } };
  return { apiVersion: "v1", kind: "Secret", metadata };
}

function configMap(namespace: string, called: string, data: JsonObject): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: called, namespace }, data };
}
