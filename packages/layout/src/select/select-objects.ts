import type { Cleaner } from "@kubeferry/clean";
import { at, type JsonObject, objectsAt, type ResourceType, textAt, typeName } from "@kubeferry/model";
import { CLUSTER_FOLDER, namespaceFolder } from "../catalog.ts";
import type { Findings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import { LOOKS_LIKE_CREDENTIAL } from "../guard/secret-reasons.ts";
import { standsForSecret } from "../secrets/clean-secret.ts";
import { canBeNamespace } from "../validate/envelope.ts";
import { belongsToPlatform, isClusterTypeAllowed } from "./cluster-scope.ts";
import { managerOf } from "./manager.ts";
import { adoptsNamespace, type NamespaceScope } from "./namespace-scope.ts";
import { noteOfSealedSecret } from "./secret-note.ts";

/** An object as the step before hands it on. */
export type Candidate = OpenCandidate | SealedCandidate;

interface NamedCandidate {
  readonly source: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
}

interface OpenCandidate extends NamedCandidate {
  readonly sealed: false;
  readonly object: JsonObject;
  /** It is encrypted in the snapshot, and was opened for this run. */
  readonly wasSealed: boolean;
}

/** Encrypted in the snapshot, so that only its name is known. */
interface SealedCandidate extends NamedCandidate {
  readonly sealed: true;
}

/** An object that belongs into Git, and the folder it goes to. */
export interface Selected extends OpenCandidate {
  readonly folder: string;
}

/** What decides what is adopted. */
export interface Scope {
  readonly cleaner: Cleaner;
  readonly namespaces: NamespaceScope;
  /** Whether what has no namespace is adopted too. */
  readonly clusterScoped: boolean;
  /** Beginnings of the names of claims that StatefulSets made: "shop/data-db-". */
  readonly claimPrefixes: ReadonlySet<string>;
  /** Names of the Applications that this repository generates for a folder. */
  applicationsOf(folder: string): ReadonlySet<string>;
  readonly applicationsInCluster: ReadonlyMap<string, ReadonlySet<string>>;
  readonly repositoryUrl: string;
  /** Names ("shop/db") of the SealedSecrets in the source cluster that came from a repository of ours. */
  readonly ownSealedSecrets: ReadonlySet<string>;
  /** Whether the configuration lets an object into Git although it looks like it holds a credential. */
  isAllowed(ref: GitRef): boolean;
}

/** Types none of whose objects are ever adopted: their segments are not even opened. */
const NEVER_OPENED: ReadonlySet<string> = new Set(["events"]);

/** Argo CD ignores these types unless it is configured otherwise, and marks an Application that holds one. */
const IGNORED_BY_ARGO_CD: ReadonlySet<string> = new Set(["endpoints", "endpointslices.discovery.k8s.io"]);

const MADE_BY_HAND =
  "made by hand, and Argo CD leaves this type alone by default: apply it yourself where the namespace is deployed";

const LOOKS_SECRET = `encrypted in this backup, because ${LOOKS_LIKE_CREDENTIAL}`;

/** True for a type that may have objects to adopt. */
export function opensType(type: ResourceType): boolean {
  if (NEVER_OPENED.has(typeName(type))) return false;
  return type.namespaced || isNamespaceType(type) || isClusterTypeAllowed(type);
}

/** What becomes of an object: a file, or a Secret that is put into Git in the configured way. */
export interface Choice {
  readonly as: "file" | "secret";
  readonly selected: Selected;
}

/** Chooses what belongs into Git; what is left out by a rule is counted, Secrets are noted by name. */
export function selectObject(candidate: Candidate, scope: Scope, findings: Findings): Choice | undefined {
  const folder = folderOf(candidate.ref, scope);
  if (folder === undefined) return undefined;
  if (candidate.sealed) {
    noteSealed(candidate, folder, findings);
    return undefined;
  }
  if (isNobodys(candidate, scope.cleaner)) return undefined;
  const { type, ref } = candidate;
  const selected = { ...candidate, folder };
  const reason = reasonToLeaveOut(selected, scope);
  if (reason !== undefined) findings.leaveOut(folder, reason, ref);
  else if (IGNORED_BY_ARGO_CD.has(typeName(type))) findings.block(ref, MADE_BY_HAND);
  else if (typeName(type) === "secrets") return { as: "secret", selected };
  else if (standsForSecret(candidate.object)) return undefined;
  else if (candidate.wasSealed && !scope.isAllowed(ref)) findings.block(ref, LOOKS_SECRET);
  else return { as: "file", selected };
  return undefined;
}

/**
 * Whether a run has to do with an object that is not what it should be. One that a cluster cannot hold where it is said
 * to be is everybody's matter: somebody wrote it to the bucket.
 */
export function isMatterOf(ref: GitRef, scope: Scope): boolean {
  const namespace = namespaceOf(ref);
  return folderOf(ref, scope) !== undefined || (namespace !== undefined && !canBeNamespace(namespace));
}

function folderOf(ref: GitRef, { namespaces, clusterScoped }: Scope): string | undefined {
  const namespace = namespaceOf(ref);
  if (namespace === undefined) return clusterScoped ? CLUSTER_FOLDER : undefined;
  return adoptsNamespace(namespace, namespaces) ? namespaceFolder(namespace) : undefined;
}

function namespaceOf(ref: GitRef): string | undefined {
  return isNamespaceType(ref) ? ref.name : ref.namespace;
}

function isNamespaceType(type: { readonly group: string; readonly resource: string }): boolean {
  return typeName(type) === "namespaces";
}

/** What every cluster has by itself: not worth a count. */
function isNobodys({ type, ref, object }: OpenCandidate, cleaner: Cleaner): boolean {
  if (cleaner.dropReason(object, type) !== undefined) return true;
  return !type.namespaced && !isNamespaceType(type) && belongsToPlatform(type, ref.name, object);
}

function reasonToLeaveOut(selected: Selected, scope: Scope): string | undefined {
  const manager = managerOf(selected.object, {
    ours: scope.applicationsOf(selected.folder),
    inCluster: scope.applicationsInCluster,
    repositoryUrl: scope.repositoryUrl,
  });
  if (manager !== undefined && !isUnsealedByUs(selected, scope)) return manager;
  const { type, ref, object } = selected;
  // From Git it would come back. One that is in Git already stays there until it is really gone.
  if (at(object, "metadata", "deletionTimestamp") !== undefined) return "being deleted";
  if (typeName(type) === "pods") return "bare Pod";
  if (typeName(type) === "jobs.batch" && isFinished(object)) return "finished Job";
  // Once it has removed itself, the next sync would run it again.
  if (typeName(type) === "jobs.batch" && at(object, "spec", "ttlSecondsAfterFinished") !== undefined) {
    return "Job that removes itself";
  }
  const ordinal = /^(.*-)\d+$/.exec(ref.name)?.[1];
  const made = ordinal !== undefined && scope.claimPrefixes.has(`${ref.namespace}/${ordinal}`);
  return made && typeName(type) === "persistentvolumeclaims" ? "StatefulSet (owner)" : undefined;
}

/** A Secret that the controller of Sealed Secrets made of a file of ours has that file's object as its owner. */
function isUnsealedByUs({ type, ref, object }: Selected, { ownSealedSecrets }: Scope): boolean {
  if (typeName(type) !== "secrets" || !ownSealedSecrets.has(`${ref.namespace}/${ref.name}`)) return false;
  const owners = objectsAt(object, "metadata", "ownerReferences").filter(({ controller }) => controller === true);
  return owners.every((owner) => textAt(owner, "kind") === "SealedSecret" && textAt(owner, "name") === ref.name);
}

function isFinished(job: JsonObject): boolean {
  const ended = objectsAt(job, "status", "conditions").filter(({ type }) => type === "Complete" || type === "Failed");
  return ended.some(({ status }) => status === "True") || at(job, "status", "completionTime") !== undefined;
}

/** It is there, and stays in Git where it is; nothing of it is known that could be written. */
function noteSealed({ source, type, ref }: SealedCandidate, folder: string, findings: Findings): void {
  if (typeName(type) !== "secrets") {
    findings.block(ref, LOOKS_SECRET);
    return;
  }
  const note = noteOfSealedSecret({ folder, source, name: ref.name });
  if (note !== undefined) findings.noteSecret(note);
}
