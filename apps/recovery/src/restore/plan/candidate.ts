import type { ObjectKey } from "@kubeferry/model";
import { typeName } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { CapturedOwner } from "../desired/captured-owners.ts";
import type { ClaimRef } from "../desired/volumes.ts";
import type { Obstacle, PlannedObject } from "../restore-plan.ts";
import type { Wave } from "../wave.ts";

/** What the snapshot says of one object that is meant: names and relations, never its content. */
export interface Candidate {
  readonly type: TypeEntry;
  readonly key: ObjectKey;
  readonly planned: PlannedObject;
  /** "needed": not asked for itself, but something that is cannot be there without it. */
  readonly chosen: "asked" | "needed";
  /** Its uid in the captured cluster; undefined where the object could not be read. */
  readonly uid?: string;
  readonly wave: Wave;
  readonly owners: readonly CapturedOwner[];
  readonly blocked?: { readonly obstacle: Obstacle; readonly reason: string };
  /** Of a claim: the volume it had. */
  readonly capturedVolume?: string;
  /** Of a volume: the claim it is kept for, as it is called in the target. */
  readonly claimRef?: ClaimRef;
  /** Of a CustomResourceDefinition: what it brings. */
  readonly brings?: BroughtType;
}

/** A type that a CustomResourceDefinition makes the API server serve. */
export interface BroughtType {
  readonly group: string;
  readonly resource: string;
  readonly versions: readonly string[];
}

/** One text for one object of the target: "deployments.apps shop/web". */
export function plannedId({ group, resource, namespace, name }: PlannedObject): string {
  return `${typeName({ group, resource })} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** How people are shown where an object comes from: "deployments.apps shop/web". */
export function capturedId({ type, key }: Pick<Candidate, "type" | "key">): string {
  return `${typeName(type)} ${key}`;
}

/** True for types on which others depend for being there at all. */
export function isNamespaces(type: Pick<TypeEntry, "group" | "resource">): boolean {
  return typeName(type) === "namespaces";
}

/** True for the type of CustomResourceDefinitions. */
export function isDefinitions(type: Pick<TypeEntry, "group" | "resource">): boolean {
  return typeName(type) === "customresourcedefinitions.apiextensions.k8s.io";
}
