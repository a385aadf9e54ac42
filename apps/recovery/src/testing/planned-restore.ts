import { createHash } from "node:crypto";
import { createCleaner, emitJson } from "@kubeferry/clean";
import type { KubeApi, KubeWriter } from "@kubeferry/kube";
import { isJsonObject, type JsonObject, objectKey, parseJson, silentLog } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { RESTORE_EVERYTHING } from "@kubeferry/test-fleet";
import { type ApplyOptions, applyPlan } from "../restore/apply/apply-plan.ts";
import type { MarkOf } from "../restore/apply/look.ts";
import type { PlanEntry, PlannedObject, RestorePlan } from "../restore/restore-plan.ts";
import { waveOf } from "../restore/wave-of.ts";

/** A call that is not stopped and keeps no log. */
export const testCall = { signal: new AbortController().signal, log: silentLog };

const cleaner = createCleaner();

/** Marks a live object by its cleaned content. */
export const markOf: MarkOf = (live, planned) => {
  const { uid } = isJsonObject(live.metadata) ? live.metadata : {};
  const digest = createHash("sha256")
    .update(emitJson(cleaner.clean(live, planned).object))
    .digest("hex");
  return { uid: String(uid), digest };
};

/** An object as it is meant to be, and what is planned for it. */
export interface Planned {
  readonly resource: string;
  readonly object: JsonObject;
  readonly entry?: Partial<PlanEntry>;
}

/** The planned object of a manifest. */
export function plannedObject(resource: string, object: JsonObject): PlannedObject {
  const { namespace, name } = object.metadata as Record<string, string>;
  const [group, version] = String(object.apiVersion).includes("/")
    ? String(object.apiVersion).split("/")
    : ["", String(object.apiVersion)];
  const kind = String(object.kind);
  const named = { group: group ?? "", version: version ?? "", resource, kind, name: name ?? "" };
  return namespace === undefined ? named : { ...named, namespace };
}

/** A plan that creates these objects, unless their entries say otherwise. */
export function planOf(planned: readonly Planned[], target: { readonly uid: string }): RestorePlan {
  const entries = planned.map(({ resource, object, entry }): PlanEntry => {
    const named = plannedObject(resource, object);
    return {
      object: named,
      from: objectKey(named.namespace, named.name),
      action: "create",
      wave: waveOf(named),
      depth: 0,
      changes: [],
      checked: "dry-run",
      ...entry,
    };
  });
  return {
    format: 1,
    toolVersion: "0.1.0",
    createdAt: new Date().toISOString(),
    source: {
      cluster: "crc.testing/a",
      uid: "uid-a",
      series: "default",
      sequence: 1,
      sha256: "5".repeat(64),
      finishedAt: "2026-11-21T06:00:00Z",
    },
    target: { uid: target.uid, description: "test" },
    settings: {
      ...RESTORE_EVERYTHING,
      prune: {
        namespaces: ["*"],
        customResourceDefinitions: false,
        persistentVolumes: false,
        foreignFinalizers: false,
      },
    },
    entries,
    leftOut: [],
    warnings: [],
  };
}

/** A snapshot of these objects, as far as a restore reads one. */
export function snapshotOf(planned: readonly Planned[]): Snapshot {
  async function* objects(select: (type: TypeEntry) => boolean) {
    for (const { resource, object } of planned) {
      const named = plannedObject(resource, object);
      const type = { ...named, namespaced: named.namespace !== undefined, verbs: [] } as unknown as TypeEntry;
      if (!select(type)) continue;
      const key = objectKey(named.namespace, named.name);
      yield { type, key, readable: true as const, wasSealed: false, line: Buffer.from(emitJson(object)) };
    }
  }
  return { sha256: "5".repeat(64), objects } as unknown as Snapshot;
}

/** Carries out a plan for the objects of a test, one at a time. */
export function applyPlanned(
  planned: readonly Planned[],
  cluster: { readonly kube: KubeApi; readonly writer: KubeWriter; readonly uid: string },
  options: Partial<ApplyOptions> = {},
) {
  const all: ApplyOptions = {
    plan: planOf(planned, cluster),
    snapshot: snapshotOf(planned),
    targetUid: cluster.uid,
    kube: cluster.kube,
    writer: cluster.writer,
    markOf,
    bodyOf: ({ line }) => parseJson(line.toString("utf8")) as JsonObject,
    concurrency: 8,
    waitTimeoutMs: 5_000,
    now: () => new Date(),
    ...options,
  };
  return applyPlan(all, testCall);
}
