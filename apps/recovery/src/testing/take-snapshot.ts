import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Call,
  type ClusterIdentity,
  compareTypes,
  compareUtf8,
  type JsonObject,
  objectKey,
  type ResourceType,
  type SecretsMode,
  silentLog,
  typeName,
} from "@kubeferry/model";
import { type ObjectStore, openStore } from "@kubeferry/object-store";
import {
  type CapturedObject,
  createSnapshotWriter,
  isSecrets,
  mirrorKeys,
  openSeries,
  type Protection,
  type Snapshot,
} from "@kubeferry/snapshot";

/** A call that nothing stops and nobody listens to. */
export const quietCall: Call = { signal: new AbortController().signal, log: silentLog };

/** The cluster of the tests. */
export const CLUSTER: ClusterIdentity = {
  domain: "crc.testing",
  name: "wrl62",
  uid: "0b5e1b4e-0000-4000-8000-000000000001",
  nameSource: "configuration",
  domainSource: "configuration",
};

/** Types by the kind that tests write. */
const TYPES: Readonly<Record<string, Pick<ResourceType, "resource" | "namespaced">>> = {
  ClusterRole: { resource: "clusterroles", namespaced: false },
  ConfigMap: { resource: "configmaps", namespaced: true },
  CustomResourceDefinition: { resource: "customresourcedefinitions", namespaced: false },
  Deployment: { resource: "deployments", namespaced: true },
  Job: { resource: "jobs", namespaced: true },
  Namespace: { resource: "namespaces", namespaced: false },
  Node: { resource: "nodes", namespaced: false },
  PersistentVolume: { resource: "persistentvolumes", namespaced: false },
  PersistentVolumeClaim: { resource: "persistentvolumeclaims", namespaced: true },
  RoleBinding: { resource: "rolebindings", namespaced: true },
  ReplicaSet: { resource: "replicasets", namespaced: true },
  Secret: { resource: "secrets", namespaced: true },
  Service: { resource: "services", namespaced: true },
  Widget: { resource: "widgets", namespaced: true },
};

/** How one snapshot is taken; by default nothing is encrypted or signed. */
export interface Taking {
  readonly secrets?: SecretsMode;
  readonly protection?: Protection;
  readonly cluster?: ClusterIdentity;
  readonly finishedAt?: Date;
  /** Why no type could be read: what the snapshot before has of them is named again. */
  readonly unread?: string;
}

/** A folder of its own, as a store. */
export async function freshStore(): Promise<ObjectStore> {
  const store = await openStore({ type: "folder", path: await mkdtemp(join(tmpdir(), "recovery-")), prefix: "" });
  await store.prepare(quietCall);
  return store;
}

/** Commits a snapshot of these objects, as an API server would give them, to the series `default`. */
export async function takeSnapshot(
  store: ObjectStore,
  objects: readonly JsonObject[],
  {
    secrets = "plain",
    protection,
    cluster = CLUSTER,
    finishedAt = new Date("2026-11-20T06:00:05Z"),
    unread,
  }: Taking = {},
): Promise<Snapshot> {
  const parent = await openSeries(store, "default", protection).newest(quietCall);
  const sealer = protection?.sealer;
  const writer = createSnapshotWriter({
    store,
    series: "default",
    parent,
    view: { fingerprint: `${mirrorKeys().fingerprint} test`, maxObjectBytes: 1_000_000, render: () => undefined },
    capture: "test",
    protection,
    sealing: sealer === undefined ? undefined : { sealer, seals: isSecrets },
    uploads: 2,
  });
  await writer.setApi("test", async () => ({ discovery: "{}", openapi: {} }), quietCall);
  for (const [type, captured] of byType(objects)) {
    if (unread !== undefined) writer.carryType(type, { status: "unread", reason: unread });
    else await writer.addType(type, stream(captured), () => ({ revision: "1", consistent: true }), quietCall);
  }
  const details = { toolVersion: "test", rulesVersion: "test", secrets, skipped: [], failures: [] } as const;
  const times = { startedAt: new Date("2026-11-20T06:00:00Z"), finishedAt };
  return writer.commit({ cluster, runId: "run", ...times, ...details }, quietCall);
}

function byType(objects: readonly JsonObject[]): [ResourceType, CapturedObject[]][] {
  const found = new Map<string, [ResourceType, CapturedObject[]]>();
  for (const object of objects) {
    const type = typeOf(object);
    const entry = found.get(typeName(type)) ?? [type, []];
    entry[1].push(capturedFrom(object));
    found.set(typeName(type), entry);
  }
  for (const [, captured] of found.values()) captured.sort((left, right) => compareUtf8(left.key, right.key));
  return [...found.values()].sort(([left], [right]) => compareTypes(left, right));
}

function typeOf({ kind, apiVersion }: JsonObject): ResourceType {
  const type = TYPES[String(kind)];
  if (type === undefined) throw new Error(`the tests know no kind ${String(kind)}`);
  const [version = "", group = ""] = String(apiVersion).split("/").reverse();
  return { ...type, group, version, kind: String(kind), verbs: ["get", "list"] };
}

function capturedFrom(object: JsonObject): CapturedObject {
  const { name, namespace, resourceVersion = "1", uid: ownUid } = object.metadata as Record<string, string>;
  const key = objectKey(namespace, name ?? "");
  const uid = ownUid ?? `uid-${String(object.kind)}-${key}`;
  const metadata = { ...(object.metadata as JsonObject), uid, resourceVersion };
  return { key, uid, resourceVersion, line: Buffer.from(JSON.stringify({ ...object, metadata })) };
}

async function* stream(objects: readonly CapturedObject[]): AsyncIterable<CapturedObject> {
  yield* objects;
}
