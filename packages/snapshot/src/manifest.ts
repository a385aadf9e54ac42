import type {
  ClusterIdentity,
  Consistency,
  Failure,
  ResourceType,
  RunCounters,
  SecretsMode,
  SkippedType,
} from "@kubeferry/model";

/** A stored blob named by the SHA-256 of its stored bytes. */
export interface BlobRef {
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Of the stored (compressed) bytes. */
  readonly sizeBytes: number;
}

/** For whom bytes are encrypted. */
export interface SealedTo {
  /** Fingerprints of the age recipients, sorted: 16 hex digits of the SHA-256 of the recipient's text. */
  readonly recipients: readonly string[];
}

/**
 * About 1 MiB of one type's objects, sorted between `first` and `last`. The open segments of a type follow each other,
 * and so do its sealed ones; an object is in exactly one segment.
 */
export interface SegmentRef extends BlobRef {
  readonly rawBytes: number;
  readonly objects: number;
  readonly first: string;
  readonly last: string;
  /** SHA-256 over key, uid and resourceVersion of its objects: equal means that nothing in it moved. */
  readonly versions: string;
  /** Per object: key, uid, resourceVersion and (never for Secrets) the digest of its mirror file. */
  readonly state: BlobRef;
  /** Objects too large for a mirror file, with the bytes of their JSON. */
  readonly oversized?: readonly { readonly key: string; readonly sizeBytes: number }[] | undefined;
  /** The stored bytes are an age file around the frame, for these recipients. Its objects have no mirror file. */
  readonly sealed?: SealedTo | undefined;
  /** Where objects that look like they hold credentials were parted from their neighbours: `versions` of both together. */
  readonly cut?: string | undefined;
  /** Objects that look like they hold a credential, by its kind. */
  readonly findings?: Readonly<Record<string, number>> | undefined;
}

/** Names that are in or out, as names, globs or regular expressions between slashes; exclude beats include, an empty include means all. */
export interface ScopeLists {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Which objects of a type were looked at; what is outside of it is not known to be gone. Left out: all of them. */
export interface CaptureScope {
  readonly namespaces?: ScopeLists;
  readonly names?: ScopeLists;
  /** With a selector nothing is known to be gone: an object may only have lost its label. */
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** A type whose list was read to its end. */
export interface ReadStatus {
  readonly status: "read";
  readonly revision: string;
  readonly consistent: boolean;
  readonly scope?: CaptureScope;
  /** Objects of which an earlier capture stands, because only their status moved since. */
  readonly statusOnly?: number;
}

/** A type whose objects are an earlier state, because it could not be read, or was filtered out. */
export type GapStatus =
  | {
      readonly status: "unread";
      readonly reason: string;
      readonly sinceSequence: number;
      readonly since: string;
      /** True for a known gap: the snapshot counts as complete all the same. */
      readonly accepted?: boolean;
    }
  | { readonly status: "filtered"; readonly reason: string; readonly sinceSequence: number; readonly since: string };

/** How a type came into a snapshot: read now; or its parent's segments named again because it could not be read, or was filtered out. */
export type TypeStatus = ReadStatus | GapStatus;

/** One type's part of a snapshot. Absent objects: missing from a type with status "read" whose scope they are in, and from nothing else. */
export interface TypeEntry extends ResourceType {
  readonly captured: TypeStatus;
  readonly objects: number;
  readonly segments: readonly SegmentRef[];
}

/** The snapshot that an imported one is a copy of, as it was called in its own store. */
export interface SnapshotOrigin {
  readonly series: string;
  readonly sequence: number;
  /** Of the manifest's bytes, its signature included: the same snapshot is not imported twice. */
  readonly sha256: string;
}

/** A snapshot: the list of what it is made of. Creating its key is the commit. */
export interface SnapshotManifest {
  readonly format: 1;
  readonly series: string;
  /** Parent's sequence + 1; the first is 1. */
  readonly sequence: number;
  /** SHA-256 of the parent manifest's bytes; null for the first. */
  readonly parent: string | null;
  readonly cluster: ClusterIdentity;
  readonly runId: string;
  /** W3C `traceparent` of the run, for whoever goes on with the snapshot; nothing else reads it. */
  readonly trace?: string | undefined;
  /** RFC 3339, UTC. For people: no correctness depends on a clock. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tool: { readonly version: string; readonly rules: string };
  readonly secrets: SecretsMode;
  /** Which moments its lists stand for; writers before this field took each type at one revision of its own. */
  readonly consistency?: Consistency;
  /** Fingerprint of all that shapes captured bytes; segments are named again only while it is equal. */
  readonly capture: string;
  /** Fingerprint of all that shapes mirror files; state files are named again only while it is equal. */
  readonly mirror: string;
  /** True when nothing failed and no type is unread but those whose gap is accepted. */
  readonly complete: boolean;
  readonly objects: number;
  /** PersistentVolumeClaims in it: their volumes' data is not in any backup. */
  readonly claims: number;
  /** In `compareTypes` order. */
  readonly types: readonly TypeEntry[];
  readonly skipped: readonly SkippedType[];
  readonly failures: readonly Failure[];
  /** Discovery and OpenAPI documents of the run, and the fingerprint they were read under. */
  readonly api: BlobRef & { readonly fingerprint: string };
  /** Only in one that was imported. */
  readonly origin?: SnapshotOrigin;
  /** What all runs so far add up to, this one included; for metrics only, nothing else reads it. */
  readonly counters?: RunCounters | undefined;
}
