import type { ObjectKey } from "@kubeferry/model";
import type { RestoreConfig } from "@kubeferry/shared-config";
import type { FieldChange } from "../compare/field-change.ts";
import type { Wave } from "./wave.ts";

/** Which objects of a snapshot are meant; patterns as in `backup.filter`, empty lists mean all. */
export interface RestoreFilter {
  readonly namespaces: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  /** "<plural>", "<plural>.<group>" or "<plural>.core". */
  readonly resources: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly names: { readonly include: readonly string[]; readonly exclude: readonly string[] };
  readonly labelSelector?: string;
  /** Whether objects that are in no namespace are meant too. */
  readonly clusterScoped: boolean;
}

/** How a restore may remove what did not exist at the time of the snapshot; absent: nothing is removed. */
export interface PruneSettings {
  /** Namespaces it may remove from, named or as globs; never empty. No glob means those of the cluster itself. */
  readonly namespaces: readonly string[];
  readonly customResourceDefinitions: boolean;
  /** Claims, with what is stored in them, and volumes that no claim is bound to. */
  readonly persistentVolumes: boolean;
  /** Objects with finalizers of others than Kubernetes itself. */
  readonly foreignFinalizers: boolean;
}

/** All that decides what a plan says: with the snapshot and the target, the same settings give the same plan. */
export interface RestoreSettings
  extends Pick<
    RestoreConfig,
    "conflicts" | "argoManaged" | "namespaces" | "storageClasses" | "images" | "patches" | "maxRemovals"
  > {
  readonly filter: RestoreFilter;
  readonly prune?: PruneSettings;
  /** Present: nothing is brought back for good, and what is there for a while does not act. */
  readonly rehearsal?: Rehearsal;
}

/** How objects are in a drill. */
export interface Rehearsal {
  /** "20261122t061500z-3f9c2a", the value of the label on what the drill makes and removes again. */
  readonly run: string;
  /** Nothing is removed at the end, nor by a later drill. */
  readonly kept: boolean;
  /** Pods start, Jobs run and disks are made, as they would in earnest. */
  readonly workloads: boolean;
}

/** An object as it is called in the target. */
export interface PlannedObject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What becomes of one object. */
export type PlannedAction =
  | "create"
  | "update"
  | "replace"
  | "remove"
  /** It is there and is what the snapshot holds. */
  | "unchanged"
  /** It is there, differs, and stays, because `conflicts` says so. */
  | "skipped"
  /** It is in the snapshot and is not written; `reason` says why. */
  | "blocked";

/** Why an object is not written although it is meant. */
export type Obstacle =
  /** A Secret whose values are not in the backup. */
  | "withheld"
  /** Encrypted, and no identity is there to open it. */
  | "sealed"
  /** Its captured bytes are no object, or a patch does not fit it. */
  | "unusable"
  /** The target serves no such type, and no CustomResourceDefinition of the plan brings it. */
  | "no-type"
  /** Its namespace is neither in the plan nor in the target. */
  | "no-namespace"
  /** Its namespace, or the object itself, is being removed. */
  | "terminating"
  /** Argo CD manages what is there, and would write it back. */
  | "argo-managed"
  /** A volume that two clusters would own. */
  | "volume"
  /** The API server, or an admission of it, does not take it. */
  | "refused"
  /** What is there may not be read or written by this user. */
  | "forbidden"
  /** It is there and differs, and `conflicts` is "fail": nothing at all is applied as long as there is one. */
  | "conflict";

/** An owner of an object, by the names it has in the target; its uid is known when it is written. */
export interface PlannedOwner {
  readonly object: PlannedObject;
  readonly controller: boolean;
  readonly blockOwnerDeletion: boolean;
}

/** What the captured object has and the target is not given. */
export interface Withouts {
  /** Finalizers whose controller is in neither plan nor target: they would keep the object from ever being removed. */
  readonly finalizers?: readonly string[];
}

/** One object of a plan. No value of a Secret stands in it. */
export interface PlanEntry {
  readonly object: PlannedObject;
  /** Key in the snapshot, before namespaces are mapped; absent for what is removed. */
  readonly from?: ObjectKey;
  readonly action: PlannedAction;
  readonly wave: Wave;
  /** How many owners stand above it within the plan: parents are written first. */
  readonly depth: number;
  /** For "blocked": what stands in the way. */
  readonly obstacle?: Obstacle;
  /** Why it is blocked, skipped or removed, or what is worth knowing although it is written. */
  readonly reason?: string;
  /** Those it had and that are in the plan or in the target, to be linked by the uids they have there. */
  readonly owners?: readonly PlannedOwner[];
  readonly without?: Withouts;
  /** For a PersistentVolumeClaim: the volume in the target that names it, and that it is bound to again. */
  readonly volumeName?: string;
  /** What the write changes in the cluster, as a dry run of the API server answered; empty for what is created. */
  readonly changes: readonly FieldChange[];
  /**
   * "dry-run": the API server took it. "later": its namespace or its type is only there after an earlier wave.
   * "not-needed": nothing is written, or it is there already, exactly as it would be written.
   */
  readonly checked: "dry-run" | "later" | "not-needed";
  /** What was there when the plan was made, as `liveMark` has it. A write finds the same, or does not happen. */
  readonly live?: LiveMark;
}

/** Tells whether an object in the target is still the one that was looked at. */
export interface LiveMark {
  readonly uid: string;
  /** SHA-256 of the cleaned object: status and counters that tick do not move it. Of a Secret nothing about its values. */
  readonly digest: string;
}

/** An object that is no matter of a restore at all: the cluster makes it by itself, or its controller does. */
export interface LeftOut {
  readonly object: string;
  readonly reason: string;
}

/** A restore, worked out: what `restore plan` saves and `restore apply` takes. Format 1; a reader refuses a newer one. */
export interface RestorePlan {
  readonly format: 1;
  readonly toolVersion: string;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  readonly source: {
    /** "crc.testing/wrl62" */
    readonly cluster: string;
    /** UID of its namespace kube-system. */
    readonly uid: string;
    readonly series: string;
    readonly sequence: number;
    /** SHA-256 of the manifest: an apply reads the same snapshot, or nothing. */
    readonly sha256: string;
    readonly finishedAt: string;
  };
  readonly target: {
    /** UID of its namespace kube-system: an apply writes to the same cluster, or nowhere. */
    readonly uid: string;
    readonly description: string;
  };
  readonly settings: RestoreSettings;
  /** In the order in which they are written: wave, depth, type, key. */
  readonly entries: readonly PlanEntry[];
  readonly leftOut: readonly LeftOut[];
  /** What a person should read before anything is written: claims without data, types that the target does not have. */
  readonly warnings: readonly string[];
}
