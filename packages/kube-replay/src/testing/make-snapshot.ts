import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Call,
  type JsonObject,
  objectKey,
  type ResourceType,
  type SecretsMode,
  silentLog,
} from "@kubeferry/model";
import { openStore } from "@kubeferry/object-store";
import { type CaptureScope, createSnapshotWriter, mirrorKeys, openSeries, type Snapshot } from "@kubeferry/snapshot";

/** A call that nothing stops. */
export const testCall: Call = { signal: new AbortController().signal, log: silentLog };

/** What one type is in a snapshot. */
export interface TypePart {
  readonly type: ResourceType;
  /** With `metadata.name` and, in a namespaced type, `metadata.namespace`; in the order of keys. Undefined: unread. */
  readonly objects: readonly JsonObject[] | undefined;
  readonly scope?: CaptureScope;
}

/** A namespaced type of the core group, or of the group in "deployments.apps". */
export function typeOf(name: string, kind: string, namespaced = true): ResourceType {
  const [resource = "", ...group] = name.split(".");
  return { group: group.join("."), version: "v1", resource, kind, namespaced, verbs: ["get", "list", "watch"] };
}

/** Snapshots of one series, one after the other, in a temporary folder. @returns the last one */
export async function makeSnapshot(
  runs: readonly (readonly TypePart[])[],
  options: { readonly secrets?: SecretsMode; readonly openapi?: Readonly<Record<string, string>> } = {},
): Promise<Snapshot> {
  const store = await openStore({
    type: "folder",
    path: await mkdtemp(join(tmpdir(), "kubeferry-replay-")),
    prefix: "",
  });
  await store.prepare(testCall);
  const series = openSeries(store, "default");
  const keys = mirrorKeys();
  const view = { fingerprint: `${keys.fingerprint} none`, keys, maxObjectBytes: 1, render: () => undefined };
  for (const [index, parts] of runs.entries()) {
    const parent = await series.newest(testCall);
    const writer = createSnapshotWriter({ store, series: "default", parent, view, capture: "all", uploads: 1 });
    for (const { type, objects, scope } of parts) {
      if (objects === undefined) writer.carryType(type, { status: "unread", reason: "it is forbidden" });
      else await writer.addType(type, captured(type, objects), () => ended(scope), testCall);
    }
    const openapi = options.openapi ?? {};
    const discovery = discoveryOf(parts.map(({ type }) => type));
    await writer.setApi(String(index), async () => ({ discovery, openapi }), testCall);
    await writer.commit({ ...DETAILS, secrets: options.secrets ?? "plain" }, testCall);
  }
  return series.at(runs.length, testCall);
}

const TAKEN = new Date("2026-11-21T06:00:00Z");
const DETAILS = {
  cluster: {
    domain: "example.test",
    name: "harbour",
    uid: "u-kube-system",
    nameSource: "configuration",
    domainSource: "configuration",
  },
  runId: "run",
  startedAt: TAKEN,
  finishedAt: TAKEN,
  toolVersion: "test",
  rulesVersion: "1",
  skipped: [{ resource: "events", reason: "events pass", count: null }],
  failures: [],
} as const;

function ended(scope: CaptureScope | undefined) {
  return { revision: "1", consistent: true, ...(scope === undefined ? {} : { scope }) };
}

async function* captured(type: ResourceType, objects: readonly JsonObject[]) {
  for (const object of objects) {
    const { name, namespace } = object.metadata as { name: string; namespace?: string };
    const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
    const line = Buffer.from(JSON.stringify({ kind: type.kind, apiVersion, ...object }));
    yield { key: objectKey(namespace, name), uid: `u-${name}`, resourceVersion: "1", line };
  }
}

/** Also names `events`, which no snapshot here holds. */
function discoveryOf(types: readonly ResourceType[]): string {
  const all = [...types, typeOf("events", "Event")];
  const groups = [...new Set(all.map(({ group }) => group))];
  const list = (items: readonly object[]): object => ({ kind: "APIGroupDiscoveryList", items });
  const items = groups.map((name) =>
    groupOf(
      name,
      all.filter(({ group }) => group === name),
    ),
  );
  return JSON.stringify({
    api: list(items.filter((_item, index) => groups[index] === "")),
    apis: list(items.filter((_item, index) => groups[index] !== "")),
  });
}

function groupOf(name: string, types: readonly ResourceType[]): object {
  const resources = types.map(({ resource, kind, namespaced, verbs }) => ({
    resource,
    responseKind: { group: name, version: "v1", kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    verbs,
  }));
  return { metadata: name === "" ? {} : { name }, versions: [{ version: "v1", resources }] };
}
