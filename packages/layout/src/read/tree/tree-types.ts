import { pluralOf } from "@kubeferry/clean";
import { at, type JsonObject, type ResourceType, textAt } from "@kubeferry/model";

/** What an object says of its type. */
export interface SaidType {
  /** "" for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** How a definition in the tree says that a type is served. */
export interface DefinedType {
  readonly resource: string;
  readonly namespaced: boolean;
}

/** Kubernetes' own types without a namespace, by "group/Kind"; all others of its groups have one. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  ...["Namespace", "Node", "PersistentVolume", "ComponentStatus"].map((kind) => `/${kind}`),
  ...kindsOf("admissionregistration.k8s.io", [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
  ]),
  ...kindsOf("apiextensions.k8s.io", ["CustomResourceDefinition"]),
  ...kindsOf("apiregistration.k8s.io", ["APIService"]),
  ...kindsOf("certificates.k8s.io", ["CertificateSigningRequest", "ClusterTrustBundle"]),
  ...kindsOf("flowcontrol.apiserver.k8s.io", ["FlowSchema", "PriorityLevelConfiguration"]),
  ...kindsOf("networking.k8s.io", ["IngressClass", "IPAddress", "ServiceCIDR"]),
  ...kindsOf("node.k8s.io", ["RuntimeClass"]),
  ...kindsOf("rbac.authorization.k8s.io", ["ClusterRole", "ClusterRoleBinding"]),
  ...kindsOf("resource.k8s.io", ["DeviceClass", "ResourceSlice"]),
  ...kindsOf("scheduling.k8s.io", ["PriorityClass"]),
  ...kindsOf("storage.k8s.io", ["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment", "VolumeAttributesClass"]),
]);

const BUILT_IN: ReadonlySet<string> = new Set([
  ...["", "apps", "autoscaling", "batch", "policy", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"],
  ...[...CLUSTER_SCOPED].map((type) => type.slice(0, type.lastIndexOf("/"))),
]);

/** One text for a type whatever its version: "example.com/Widget". */
function typeKey({ group, kind }: Pick<SaidType, "group" | "kind">): string {
  return `${group}/${kind}`;
}

/**
 * The type of an object of which only apiVersion and kind are known. A definition in the tree says how it is served;
 * for Kubernetes' own types that is known; of all others the plural is made as kubectl makes it, and those objects have
 * a namespace that name one.
 */
export function typeInTree(
  said: SaidType,
  namespace: string | undefined,
  defined: ReadonlyMap<string, DefinedType>,
): ResourceType {
  const known = defined.get(typeKey(said));
  const resource = known?.resource ?? pluralOf(said.kind.toLowerCase());
  const namespaced = known?.namespaced ?? scopeOf(said) ?? namespace !== undefined;
  return { group: said.group, version: said.version, kind: said.kind, resource, namespaced, verbs: [] };
}

/** What a CustomResourceDefinition says of its type; undefined for any other object, and for one that says nothing. */
export function definitionIn(object: JsonObject): readonly [string, DefinedType] | undefined {
  if (textAt(object, "kind") !== "CustomResourceDefinition") return undefined;
  const group = textAt(object, "spec", "group");
  const kind = textAt(object, "spec", "names", "kind");
  const resource = textAt(object, "spec", "names", "plural");
  if (group === undefined || kind === undefined || resource === undefined) return undefined;
  return [typeKey({ group, kind }), { resource, namespaced: at(object, "spec", "scope") !== "Cluster" }];
}

function scopeOf(said: SaidType): boolean | undefined {
  return BUILT_IN.has(said.group) ? !CLUSTER_SCOPED.has(typeKey(said)) : undefined;
}

function kindsOf(group: string, kinds: readonly string[]): readonly string[] {
  return kinds.map((kind) => `${group}/${kind}`);
}
