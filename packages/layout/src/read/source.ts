import type { Cleaner } from "@kubeferry/clean";
import type { Call, JsonObject, ResourceType } from "@kubeferry/model";
import type { ClusterRef } from "@kubeferry/shared-config";
import type { ApiDocuments } from "@kubeferry/snapshot";
import type { EnvironmentOrigin } from "../folders/ownership.ts";
import type { GitRef } from "../git-ref.ts";

/** One object of a source: parsed, or encrypted to somebody else, and then known by its name alone. */
export type ReadObject = OpenObject | SealedObject;

/** An object with its content. */
export interface OpenObject extends NamedObject {
  readonly sealed: false;
  readonly object: JsonObject;
  /** It is encrypted in the snapshot, and was opened here: it must not go on in clear. */
  readonly wasSealed: boolean;
}

/** An object that is there and cannot be read: that is not the same as one that is gone. */
export interface SealedObject extends NamedObject {
  readonly sealed: true;
}

interface NamedObject {
  /** `Source.id`. */
  readonly source: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
}

/** Told of what is in a source and is not the object it should be, and why, as half a sentence. */
export type OnBroken = (ref: GitRef, problem: string) => void;

/** The objects of one cluster at one time, as far as stage 2 asks: a snapshot, or a tree of files. */
export interface Source {
  /** "crc.testing/wrl62", and of an earlier snapshot that was asked for "crc.testing/wrl62@2026-03-01T06:00:00Z". */
  readonly id: string;
  /** `uid` is that of the kube-system namespace; undefined for a tree, which does not say it. */
  readonly cluster: ClusterRef & { readonly uid: string | undefined };
  /** What the ownership files say of what comes from here. */
  readonly origin: EnvironmentOrigin;
  /** Key of the manifest from the store's root, or where the tree lies. */
  readonly snapshotKey: string;
  /** When it was taken, RFC 3339; undefined where nothing says so. */
  readonly takenAt: string | undefined;
  /** Number of the snapshot in its series; undefined for a tree, which has none. */
  readonly sequence: number | undefined;
  /** W3C `traceparent` of the run that took it, where it was in a trace. */
  readonly trace?: string | undefined;
  /** The time that was asked for; undefined for the newest. */
  readonly at: string | undefined;
  /** Why not all of the cluster is in it: "widgets.example.com was unread (forbidden)". Empty for a complete one. */
  readonly gaps: readonly string[];
  /** What people should know of it: types that were not read, files whose path says something else. */
  readonly warnings: readonly string[];
  /** Parts that no object could be read from. */
  readonly unusable: readonly { readonly object: string; readonly reason: string }[];
  /** Equal for two of one cluster that give a run the same; undefined where only reading would tell. */
  readonly content: string | undefined;
  /**
   * Whether it gives a run the same as an earlier one of its cluster although their contents differ; what differs is read.
   * In doubt the answer is no. @throws SnapshotError, StorageError
   */
  landsAs(
    earlier: { readonly sequence: number; readonly content: string },
    cleaner: Cleaner,
    call: Call,
  ): Promise<boolean>;
  /** True when its Secrets may have their values. */
  readonly hasSecretValues: boolean;
  /** True when every Secret was looked for. */
  readonly listsSecrets: boolean;
  /**
   * The objects of the selected types, one file or segment in memory at a time.
   * @param onBroken left out: whatever is no object is passed over, for a reader that is not the first
   * @throws GitOpsError "damaged" at the first bytes that are not what they were
   */
  objects(select: (type: ResourceType) => boolean, call: Call, onBroken?: OnBroken): AsyncIterable<ReadObject>;
  /** Those of the objects that are proven to be gone from the cluster, as `refId`s. @throws GitOpsError "damaged" */
  absent(refs: readonly GitRef[], call: Call): Promise<ReadonlySet<string>>;
  /** What the cluster's API served; undefined for a tree, which does not know. @throws GitOpsError "damaged" */
  api(call: Call): Promise<ApiDocuments | undefined>;
}
