// The cluster that suites back up: an API server full of the objects of ordinary namespaces, the same ones in every run.
import { createHash } from "node:crypto";
import type { JsonObject } from "@kubeferry/model";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type FreshKubeApi, servers } from "@kubeferry/testbed";
import { objectsOf } from "./factoring-objects.ts";

/** One of twenty objects is a Secret. */
const OBJECTS_A_SECRET = 20;

/** Starts an API server of its own and fills it past its front door. Stop it when done. */
export async function startFullCluster(objects: number): Promise<FreshKubeApi> {
  const server = await servers.freshKubeApi();
  const all = clusterObjects(objects);
  const definitions = all.filter(({ kind }) => kind === "CustomResourceDefinition");
  await server.apply(widgetDefinition(), ...definitions.map(asWritten));
  await server.plant(entries(all));
  await seenByServer(server);
  return server;
}

/** An API server whose caches have not caught up with etcd refuses lists for a while: that is not what is measured. */
async function seenByServer({ request }: FreshKubeApi): Promise<void> {
  for (const path of Object.values(LISTS)) {
    for (let left = ANSWERS_TO_WAIT_FOR; ; left--) {
      const { status } = await request("GET", `${path}?limit=1`);
      if (status === 200) break;
      if (left === 0) throw new Error(`${path}: the API server still answers ${status} after the cluster was filled`);
    }
  }
}

/** A server that is behind takes seconds for each of them. */
const ANSWERS_TO_WAIT_FOR = 100;

/**
 * Annotates one of so many objects of a full cluster, evenly spread over kinds and namespaces.
 * @param objects as it was filled with
 * @param mark another one each time, so that objects differ from what they were
 */
export async function changeObjects(
  server: FreshKubeApi,
  objects: number,
  { every, mark }: { readonly every: number; readonly mark: number },
): Promise<void> {
  // One step further in each block, because kinds follow each other in a fixed order.
  const chosen = clusterObjects(objects).filter((_, index) => (index + Math.floor(index / every)) % every === 0);
  await server.plant(entries(chosen.map((object) => annotated(object, mark))));
}

function annotated(object: JsonObject, mark: number): JsonObject {
  const metadata = object.metadata as JsonObject;
  return { ...object, metadata: { ...metadata, annotations: { "example.com/mark": `${mark}` } } };
}

/** What is in a full cluster, beside what every API server has. */
export function clusterObjects(objects: number): readonly JsonObject[] {
  return [...objectsOf("prod", "none", objects - Math.floor(objects / OBJECTS_A_SECRET)), ...secretsFor(objects)];
}

/** Without what the server itself adds, and refuses to be told. */
function asWritten(object: JsonObject): JsonObject {
  const { name, annotations = {} } = object.metadata as JsonObject;
  return { ...object, metadata: { name: name ?? "", annotations } };
}

function secretsFor(objects: number): JsonObject[] {
  return Array.from({ length: Math.floor(objects / OBJECTS_A_SECRET) }, (_, number) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `login-${number}`, namespace: `team-${number % 30}`, creationTimestamp: "2026-01-01T00:00:00Z" },
    type: "Opaque",
    data: { user: btoa(`user-${number}`), phrase: btoa(createHash("sha256").update(`${number}`).digest("hex")) },
  }));
}

/** Where etcd keeps the objects of a kind. Definitions of types go through the front door instead. */
const FOLDERS: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  Deployment: "deployments",
  Service: "services/specs",
  ConfigMap: "configmaps",
  Ingress: "ingress",
  Widget: "example.com/widgets",
  Secret: "secrets",
};

/** What lists objects of a kind. */
const LISTS: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  Deployment: "/apis/apps/v1/deployments",
  Service: "/api/v1/services",
  ConfigMap: "/api/v1/configmaps",
  Ingress: "/apis/networking.k8s.io/v1/ingresses",
  Widget: "/apis/example.com/v1/widgets",
  Secret: "/api/v1/secrets",
};

/** The types that the cluster is full of, as kubectl names them. */
export const TYPES: readonly string[] = [
  "namespaces",
  "deployments.apps",
  "services",
  "configmaps",
  "ingresses.networking.k8s.io",
  "widgets.example.com",
  "secrets",
];

function* entries(objects: readonly JsonObject[]): Iterable<{ path: string; object: object }> {
  for (const object of objects) {
    const folder = FOLDERS[String(object.kind)];
    if (folder === undefined) continue;
    const metadata = object.metadata as JsonObject;
    const place = metadata.namespace === undefined ? String(metadata.name) : `${metadata.namespace}/${metadata.name}`;
    // etcd gives the revision; two objects of one uid would be one to whoever follows owners.
    const { resourceVersion: _, ...kept } = metadata;
    yield {
      path: `${folder}/${place}`,
      object: { ...object, metadata: { ...kept, uid: uidOf(`${folder}/${place}`) } },
    };
  }
}

/** Always the same for the same object. */
function uidOf(path: string): string {
  const hex = createHash("sha256").update(path).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
