import { Buffer } from "node:buffer";
import { type ClusterIdentity, compareUtf8, type JsonObject, objectKey, type ResourceType } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { prefixed } from "@kubeferry/object-store";
import {
  type CapturedObject,
  type CaptureScope,
  createProtection,
  createSnapshotWriter,
  mirrorKeys,
  openSeries,
  type Sealing,
  type Snapshot,
} from "@kubeferry/snapshot";
import { testCall } from "./call.ts";

/** The types that tests use, by "group/Kind". */
const TYPES: Readonly<Record<string, ResourceType>> = Object.fromEntries(
  [
    ["", "v1", "namespaces", "Namespace", false],
    ["", "v1", "nodes", "Node", false],
    ["", "v1", "configmaps", "ConfigMap", true],
    ["", "v1", "secrets", "Secret", true],
    ["", "v1", "services", "Service", true],
    ["", "v1", "pods", "Pod", true],
    ["", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true],
    ["", "v1", "endpoints", "Endpoints", true],
    ["discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true],
    ["apps", "v1", "deployments", "Deployment", true],
    ["apps", "v1", "statefulsets", "StatefulSet", true],
    ["batch", "v1", "jobs", "Job", true],
    ["autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", true],
    ["networking.k8s.io", "v1", "ingresses", "Ingress", true],
    ["rbac.authorization.k8s.io", "v1", "roles", "Role", true],
    ["rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true],
    ["rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false],
    ["apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false],
    ["argoproj.io", "v1alpha1", "applications", "Application", true],
    ["bitnami.com", "v1alpha1", "sealedsecrets", "SealedSecret", true],
    ["example.com", "v1", "widgets", "Widget", true],
    ["external-secrets.io", "v1", "externalsecrets", "ExternalSecret", true],
    ["example.com", "v1", "widgetlists", "WidgetList", true],
    ["other.org", "v1", "widgets", "Widget", true],
  ].map(([group, version, resource, kind, namespaced]) => [
    `${group}/${kind}`,
    { group, version, resource, kind, namespaced, verbs: ["get", "list"] } as ResourceType,
  ]),
);

/** The type of a literal object. */
export function typeOf(object: JsonObject): ResourceType {
  const apiVersion = String(object.apiVersion);
  const kind = String(object.kind);
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const type = TYPES[`${group}/${kind}`];
  if (type === undefined) throw new Error(`test-fleet/src/cluster.ts does not know ${apiVersion} ${kind}`);
  return type;
}

/** A cluster that only exists in snapshots. */
export interface TestCluster {
  readonly domain: string;
  readonly name: string;
  readonly uid: string;
}

/** What is special about a snapshot. */
export interface SnapshotSpec {
  readonly secrets?: "withhold" | "plain" | "omit";
  /** An age recipient to whom everything that may hold a credential is encrypted. */
  readonly sealTo?: string;
  /** Types that could not be read, or were filtered out: "widgets.example.com". */
  readonly unread?: readonly string[];
  readonly filtered?: readonly string[];
  /** Types that backups leave out by themselves. */
  readonly skipped?: readonly string[];
  /** RFC 3339; left out: 2026-11-21T06:00:00Z. */
  readonly finishedAt?: string;
  /** Types that were read, but not all of their objects. */
  readonly scoped?: Readonly<Record<string, CaptureScope>>;
  /** OpenAPI v3 documents by path: "/openapi/v3/api/v1". */
  readonly openapi?: Readonly<Record<string, object>>;
  /** The discovery documents, where the snapshot is to be replayed: {"api": …, "apis": …}. */
  readonly discovery?: string;
  /** What stands in the bucket instead of an object, by "ConfigMap shop/a": only a tampered one holds such lines. */
  readonly lines?: Readonly<Record<string, string>>;
}

/** Commits a snapshot of literal objects, with every type of the table read unless said otherwise. */
export async function takeSnapshot(
  store: ObjectStore,
  cluster: TestCluster,
  objects: readonly JsonObject[],
  spec: SnapshotSpec = {},
): Promise<Snapshot> {
  const root = prefixed(store, `${cluster.domain}/${cluster.name}/`);
  const parent = await openSeries(root, "default").newest(testCall);
  const view = { fingerprint: "none", keys: mirrorKeys(), maxObjectBytes: 1e9, render: () => undefined };
  const sealing = spec.sealTo === undefined ? undefined : await sealingTo(spec.sealTo);
  const writer = createSnapshotWriter({
    store: root,
    series: "default",
    parent,
    view,
    capture: "1",
    uploads: 4,
    sealing,
  });
  const openapi = Object.entries(spec.openapi ?? {}).map(([path, document]) => [path, JSON.stringify(document)]);
  const documents = { discovery: spec.discovery ?? "{}", openapi: Object.fromEntries(openapi) };
  await writer.setApi(`api ${JSON.stringify(documents)}`, async () => documents, testCall);
  for (const type of Object.values(TYPES)) {
    const name = type.group === "" ? type.resource : `${type.resource}.${type.group}`;
    if (spec.unread?.includes(name)) writer.carryType(type, { status: "unread", reason: "forbidden" });
    else if (spec.filtered?.includes(name)) writer.carryType(type, { status: "filtered", reason: "excluded" });
    else if (spec.skipped?.includes(name))
      writer.carryType(type, { status: "filtered", reason: "skipped_by_default: measurements, not state" });
    else if (spec.secrets === "omit" && name === "secrets") continue;
    else {
      const captured = objects
        .filter((object) => typeOf(object) === type)
        .map((object) => capture(object, spec.lines ?? {}));
      const scope = spec.scoped?.[name];
      const end = { revision: "7", consistent: true, ...(scope === undefined ? {} : { scope }) };
      await writer.addType(type, inOrder(captured), () => end, testCall);
    }
  }
  const identity: ClusterIdentity = { ...cluster, nameSource: "configuration", domainSource: "configuration" };
  const when = new Date(spec.finishedAt ?? "2026-11-21T06:00:00Z");
  return writer.commit(
    {
      cluster: identity,
      runId: "backup-run",
      startedAt: when,
      finishedAt: when,
      toolVersion: "0.0.0",
      rulesVersion: "1",
      secrets: spec.sealTo === undefined ? (spec.secrets ?? "withhold") : "encrypt",
      skipped: [],
      failures: [],
    },
    testCall,
  );
}

async function sealingTo(recipient: string): Promise<Sealing | undefined> {
  const { sealer } = await createProtection({
    encryption: { recipients: [recipient], identities: [] },
    signing: { trusted: [], unsignedUntil: 0 },
  });
  return sealer && { sealer, seals: () => true };
}

function capture(object: JsonObject, lines: Readonly<Record<string, string>>): CapturedObject {
  const { namespace, name } = object.metadata as { readonly namespace?: string; readonly name: string };
  const kind = String(object.kind);
  const key = objectKey(namespace, name);
  const written = JSON.stringify(object, (_key, value: unknown) => (typeof value === "bigint" ? Number(value) : value));
  const text = lines[`${kind} ${key}`] ?? written;
  const uid = `uid-of-${kind}-${key}`;
  // The content decides the version, as it does in a cluster: what was not written keeps it.
  return { key, uid, resourceVersion: String(hash(text)), line: Buffer.from(text, "utf8") };
}

function hash(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (Math.imul(value, 31) + text.charCodeAt(index)) >>> 0;
  return value;
}

async function* inOrder(objects: readonly CapturedObject[]): AsyncIterable<CapturedObject> {
  yield* [...objects].sort((left, right) => compareUtf8(left.key, right.key));
}
