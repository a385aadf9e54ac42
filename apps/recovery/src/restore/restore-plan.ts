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
  /** Namespaces it may remove from, named or as globs; never empty. */
  readonly namespaces: readonly string[];
  readonly customResourceDefinitions: boolean;
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

/** One object of a plan. No value of a Secret stands in it. */
export interface PlanEntry {
  readonly object: PlannedObject;
  /** Key in the snapshot, before namespaces are mapped; absent for what is removed. */
  readonly from?: ObjectKey;
  readonly action: PlannedAction;
  readonly wave: Wave;
  /** How many owners stand above it within the plan: parents are written first. */
  readonly depth: number;
  /** Why it is blocked, skipped or removed, or what is worth knowing although it is written. */
  readonly reason?: string;
  /** What the write changes in the cluster, as a dry run of the API server answered; empty for what is created. */
  readonly changes: readonly FieldChange[];
  /** "dry-run": the API server took it. "later": its namespace or its type is only there after an earlier wave. */
  readonly checked: "dry-run" | "later" | "not-needed";
  /** What was there when the plan was made. A write finds the same, or does not happen. */
  readonly live?: { readonly uid: string; readonly digest: string };
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
