import type { JsonObject } from "@kubeferry/model";
import { ownValue } from "./path.ts";

/** What rules ask about an object's type; an `ObjectRef` and a `ResourceType` both answer it. */
export interface ObjectType {
  /** "" for core. */
  readonly group: string;
  readonly kind: string;
  /** The plural by which the API serves it, where it is known: "deployments". */
  readonly resource?: string;
}

/**
 * "deployments.apps", "secrets". Where only the kind is known, its plural is made as kubectl does; that fits all types
 * of Kubernetes and nearly all others.
 */
export function typeNameOf({ group, kind, resource = pluralOf(kind.toLowerCase()) }: ObjectType): string {
  return group === "" ? resource : `${resource}.${group}`;
}

/**
 * The plural of a kind in lower case, as kubectl makes it: "ingress" gives "ingresses".
 * @see apimachinery api/meta, UnsafeGuessKindToResource
 */
export function pluralOf(kind: string): string {
  if (kind.endsWith("endpoints")) return kind;
  if (kind.endsWith("s")) return `${kind}es`;
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** The type an object names itself; group "" and kind "" where it names none. */
export function typeOfObject(object: JsonObject): ObjectType {
  const apiVersion = ownValue(object, "apiVersion");
  const kind = ownValue(object, "kind");
  const slash = typeof apiVersion === "string" ? apiVersion.indexOf("/") : -1;
  return {
    group: typeof apiVersion === "string" && slash >= 0 ? apiVersion.slice(0, slash) : "",
    kind: typeof kind === "string" ? kind : "",
  };
}

/**
 * The groups that Kubernetes itself serves. A suffix does not tell them from others: gateway.networking.k8s.io and
 * snapshot.storage.k8s.io are made of CustomResourceDefinitions.
 */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "flowcontrol.apiserver.k8s.io",
  "internal.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);

/** True for types of Kubernetes itself, false for custom resources and aggregated APIs. */
export function isBuiltIn(type: ObjectType): boolean {
  return BUILT_IN_GROUPS.has(type.group);
}
