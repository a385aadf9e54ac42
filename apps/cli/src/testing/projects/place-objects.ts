import { isJsonObject, type JsonObject } from "@kubeferry/model";

/** Cluster-scoped kinds that the projects bring. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  "ClusterIssuer",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "Namespace",
  "StorageClass",
  "ValidatingWebhookConfiguration",
]);

/** Objects as `kubectl apply -n <namespace>` takes them: those without a namespace of their own get this one. */
export function placedIn(namespace: string, objects: readonly JsonObject[]): JsonObject[] {
  return objects.map((object) =>
    CLUSTER_SCOPED.has(String(object.kind)) ? object : withMetadata(object, { namespace }),
  );
}

/** Objects that share names and node ports, as the examples of one project do: the second of a name lies in `<prefix>-2`. */
export function placedApart(prefix: string, objects: readonly JsonObject[], firstNodePort = 31_000): JsonObject[] {
  const seen = new Map<string, number>();
  return objects.map((object, index) => {
    const twin = `${String(object.kind)} ${nameOf(object)}`;
    const count = (seen.get(twin) ?? 0) + 1;
    seen.set(twin, count);
    const own = withNodePort(object, firstNodePort + index);
    if (!CLUSTER_SCOPED.has(String(object.kind))) return withMetadata(own, { namespace: `${prefix}-${count}` });
    return withMetadata(own, { name: `${prefix}-${count}-${nameOf(object)}` });
  });
}

/** The namespaces that objects lie in, as objects. */
export function namespacesOf(objects: readonly JsonObject[]): JsonObject[] {
  const names = new Set(objects.flatMap((object) => metadataOf(object).namespace ?? []));
  return [...names].map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

/** "apps/Deployment argocd/argocd-server": what tells objects apart, whatever version they are written in. */
export function idOf(object: JsonObject): string {
  const [group = "", version] = String(object.apiVersion).split("/");
  const { namespace = "", name } = metadataOf(object);
  return `${version === undefined ? "" : group}/${String(object.kind)} ${String(namespace)}/${String(name)}`;
}

function withNodePort(object: JsonObject, nodePort: number): JsonObject {
  if (!isJsonObject(object.spec) || !Array.isArray(object.spec.ports)) return object;
  const ports = object.spec.ports.map((port) =>
    isJsonObject(port) && port.nodePort !== undefined ? { ...port, nodePort } : port,
  );
  return { ...object, spec: { ...object.spec, ports } };
}

function nameOf(object: JsonObject): string {
  return String(metadataOf(object).name);
}

function metadataOf(object: JsonObject): JsonObject {
  return object.metadata as JsonObject;
}

function withMetadata(object: JsonObject, change: JsonObject): JsonObject {
  return { ...object, metadata: { ...metadataOf(object), ...change } };
}
