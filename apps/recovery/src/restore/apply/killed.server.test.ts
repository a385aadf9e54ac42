import { createCleaner, emitJson } from "@kubeferry/clean";
import type { KubeWriter } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { missingServers } from "@kubeferry/testbed";
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyPlanned, markOf, type Planned, plannedObject, planOf, testCall } from "../../testing/planned-restore.ts";
import { openTestCluster, type TestCluster } from "../../testing/test-cluster.ts";
import { targetOf } from "./target-of.ts";

const SOAK = process.env.SOAK === "1";
/** Objects that are alike, and need nothing; with SOAK=1 there are more rounds, not other ones. */
const PLAIN = SOAK ? 40 : 4;
/** Each has a namespace of its own, and mostly waits for the server. */
const ROUNDS_AT_ONCE = 3;
const cleaner = createCleaner();

describe.skipIf(missingServers("kube-apiserver"))("a restore that is killed", () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await openTestCluster();
  }, 120_000);
  afterAll(() => cluster?.kube.close());

  it("ends in the same state as one that is not, whichever write it was killed before or after", {
    timeout: 600_000,
  }, async () => {
    const whole = await prepare(cluster, "whole");
    const report = await whole.run(cluster.writer);
    expect(report).toMatchObject({ status: "complete", objects: { updated: 1, replaced: 1, removed: 1 } });
    const expected = await whole.state();
    const { created, updated, replaced, removed } = report.objects;
    const writes = created + updated + replaced + removed;
    expect(writes).toBe(PLAIN + 8);
    await pMap(
      deathsAround(writes),
      async ({ when, at }) => {
        const round = await prepare(cluster, `${when}-${at}`);
        await expect(round.run(dyingWriter(cluster.writer, at, when))).rejects.toThrow("killed");
        const resumed = await round.run(cluster.writer);
        expect(resumed, `${when} ${at}`).toMatchObject({ status: "complete", failures: [], notWritten: [] });
        expect(await round.state(), `${when} ${at}`).toEqual(expected);
      },
      { concurrency: ROUNDS_AT_ONCE },
    );
  });
});

/** Writes are made one by one, and who dies remembers nothing: after one write is before the next, but for the last. */
function deathsAround(writes: number): readonly { readonly when: "before" | "after"; readonly at: number }[] {
  const all = Array.from({ length: writes }, (_, index) => index + 1);
  const after = all.filter((at) => SOAK || at === writes);
  return [
    ...all.map((at) => ({ when: "before" as const, at })),
    ...after.map((at) => ({ when: "after" as const, at })),
  ];
}

/** A namespace that changed since the snapshot, and the plan to bring it back. */
async function prepare(cluster: TestCluster, name: string) {
  const namespace = `killed-${name}-${Math.random().toString(36).slice(2, 8)}`;
  const of = (kind: string, resource: string, called: string, more: JsonObject, entry?: Planned["entry"]): Planned => ({
    resource,
    object: { apiVersion: "v1", kind, metadata: { name: called, namespace }, ...more },
    ...(entry === undefined ? {} : { entry }),
  });
  const configMap = (called: string, data: JsonObject, entry?: Planned["entry"]) =>
    of("ConfigMap", "configmaps", called, { data }, entry);
  const ownedBy = ({ resource, object }: Planned) => [
    { object: plannedObject(resource, object), controller: false, blockOwnerDeletion: false },
  ];
  const itself: Planned = {
    resource: "namespaces",
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { team: "a" } } },
  };
  const [old, whole, extra] = [
    configMap("updated", { a: "target", b: "target" }),
    configMap("replaced", { a: "target", b: "target" }),
    configMap("extra", {}),
  ] as [Planned, Planned, Planned];
  await cluster.server.apply(
    { ...itself.object, metadata: { name: namespace } },
    old.object,
    whole.object,
    extra.object,
  );
  const withLive = async (planned: Planned, entry: Planned["entry"]): Promise<Planned> => {
    const object = plannedObject(planned.resource, planned.object);
    const live = (await cluster.writer.read(targetOf(object), testCall)) ?? {};
    return { ...planned, entry: { ...entry, live: markOf(live, object) } };
  };
  const parent = configMap("parent", { is: "parent" });
  const child = configMap("child", { is: "child" }, { depth: 1, owners: ownedBy(parent) });
  const secret = of("Secret", "secrets", "grandchild", { data: { a: "Yg==" } }, { depth: 2, owners: ownedBy(child) });
  const service = of("Service", "services", "web", { spec: { ports: [{ port: 80 }], selector: { app: "web" } } });
  const planned = [
    await withLive(itself, { action: "update" }),
    ...Array.from({ length: PLAIN }, (_, number) => configMap(`plain-${number}`, { number: String(number) })),
    parent,
    await withLive(configMap("replaced", { a: "snapshot" }), { action: "replace" }),
    child,
    secret,
    service,
    of("ServiceAccount", "serviceaccounts", "runner", {}),
    await withLive(extra, { action: "remove" }),
  ];
  const plan = planOf(planned, cluster);
  return {
    run: (writer: KubeWriter) => applyPlanned(planned, { ...cluster, writer }, { plan, concurrency: 1 }),
    state: () => stateOf(cluster, namespace),
  };
}

/** All that is in a namespace, cleaned, without its name; owners by name where their UIDs are right. */
async function stateOf(cluster: TestCluster, namespace: string): Promise<string[]> {
  const objects: JsonObject[] = [];
  for (const resource of ["configmaps", "secrets", "services", "serviceaccounts"]) {
    const { body } = await cluster.server.request("GET", `/api/v1/namespaces/${namespace}/${resource}`);
    const { items, kind } = JSON.parse(body) as { items: JsonObject[]; kind: string };
    objects.push(...items.map((item) => ({ ...item, apiVersion: "v1", kind: kind.replace("List", "") })));
  }
  const { body } = await cluster.server.request("GET", `/api/v1/namespaces/${namespace}`);
  objects.push(JSON.parse(body));
  const names = new Map(objects.map(({ metadata }) => [(metadata as JsonObject).uid, (metadata as JsonObject).name]));
  return objects.map((object) => {
    const { object: cleaned } = cleaner.clean(object);
    const owners = ((object.metadata as JsonObject).ownerReferences ?? []) as JsonObject[];
    const text = emitJson({ ...cleaned, metadata: { ...(cleaned.metadata as JsonObject), ownerReferences: [] } });
    return `${text.replaceAll(namespace, "NAMESPACE")} owned by ${owners.map(({ uid }) => String(names.get(uid))).join()}`;
  });
}

/** Dies before or after its write of a number: nothing that comes later reaches the server. */
function dyingWriter(writer: KubeWriter, at: number, when: "before" | "after"): KubeWriter {
  const state = { writes: 0 };
  async function counted<Result>(dryRun: boolean, send: () => Promise<Result>): Promise<Result> {
    if (state.writes >= at) throw new Error("killed");
    if (dryRun) return send();
    state.writes++;
    if (state.writes < at) return send();
    if (when === "after") await send();
    throw new Error("killed");
  }
  return {
    read: (target, call) => counted(true, () => writer.read(target, call)),
    apply: (target, object, request, call) =>
      counted(request.dryRun, () => writer.apply(target, object, request, call)),
    replace: (target, object, request, call) =>
      counted(request.dryRun, () => writer.replace(target, object, request, call)),
    remove: (target, request, call) => counted(request.dryRun, () => writer.remove(target, request, call)),
  };
}
