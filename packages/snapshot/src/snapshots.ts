import type { Buffer } from "node:buffer";
import type {
  Call,
  ClusterIdentity,
  Consistency,
  Failure,
  JsonValue,
  ObjectKey,
  ResourceType,
  RunCounters,
  SecretsMode,
  SkippedType,
} from "@kubeferry/model";
import type { SignatureState } from "./manifest/believe.ts";
import type {
  GapStatus,
  ReadStatus,
  SealedTo,
  SegmentRef,
  SnapshotManifest,
  SnapshotOrigin,
  TypeEntry,
} from "./manifest.ts";
import type { MirrorKeys } from "./mirror/mirror-key.ts";
import type { CredentialKind } from "./protection/find-credential.ts";

/**
 * One object out of a snapshot. One that is encrypted, and that no identity is there to open, is named all the same: it
 * is in the snapshot, and whoever reads must say what becomes of it.
 */
export type SnapshotObject = ReadableObject | SealedObject;

/** An object with its content. */
export interface ReadableObject {
  readonly type: TypeEntry;
  readonly key: ObjectKey;
  readonly readable: true;
  /** The object's JSON as the API server sent it, without the line feed. */
  readonly line: Buffer;
  /** The line parsed, for all who ask, where its segment is kept (`keepSegments`): to be read alone. `parsedLine` asks it. */
  readonly parsed?: () => JsonValue | undefined;
  /** It was encrypted in the store: what is made of it must not lie around in clear. */
  readonly wasSealed: boolean;
}

/** An object of which only the key is known to this reader. */
export interface SealedObject {
  readonly type: TypeEntry;
  readonly key: ObjectKey;
  readonly readable: false;
  /** Who could read it. */
  readonly sealed: SealedTo;
}

/** Which version of which object; equal ones have equal bytes as long as their type is read at one API version. */
export interface ObjectVersion {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** One object of the state: what a snapshot knows of it without opening its segment. */
export interface ObjectState extends ObjectVersion {
  /** SHA-256 of its mirror file; absent for Secrets, for objects that have no mirror file, and where there was no mirror. */
  readonly mirror?: string;
}

/** True when both are the same version of the same object. */
export function sameVersion(left: ObjectVersion, right: ObjectVersion): boolean {
  return left.uid === right.uid && left.resourceVersion === right.resourceVersion;
}

/** Some aggregated APIs give no uid or resourceVersion: there, equality says nothing. */
export function isVersioned({ uid, resourceVersion }: ObjectVersion): boolean {
  return uid !== "" && resourceVersion !== "" && resourceVersion !== "0";
}

/** A committed snapshot, checked against its digests as it is read. */
export interface Snapshot {
  /** Key from the cluster's root: "_snapshots/default/0000000042.json". */
  readonly key: string;
  /** SHA-256 of the manifest's bytes, its signature included. */
  readonly sha256: string;
  readonly signature: SignatureState;
  readonly manifest: SnapshotManifest;
  /**
   * Objects in manifest order: in memory is the segment that they come from, the next one, and of a type that is partly
   * encrypted one more.
   * @throws SnapshotError "damaged" naming the segment
   */
  objects(select: (type: TypeEntry) => boolean, call: Call): AsyncIterable<SnapshotObject>;
  /** The objects of one type behind `after` ("" for all), in the order of keys; earlier segments are not read. */
  objectsOf(type: TypeEntry, after: string, call: Call): AsyncIterable<SnapshotObject>;
  states(select: (type: TypeEntry) => boolean, call: Call): AsyncIterable<ObjectState & { readonly type: TypeEntry }>;
  /** False for encrypted segments that no identity is there to open. */
  isReadable(segment: SegmentRef): boolean;
  /** The objects of one segment of this snapshot, whole in memory. @throws SnapshotError "damaged" or "sealed" naming the segment */
  segmentObjects(segment: SegmentRef, call: Call): Promise<readonly Pick<ReadableObject, "key" | "line" | "parsed">[]>;
  /** What is known of the objects of one segment, in the same order. @throws SnapshotError "damaged" naming the state */
  segmentStates(segment: SegmentRef, call: Call): Promise<readonly ObjectState[]>;
  /** The discovery and OpenAPI documents of the run. */
  api(call: Call): Promise<ApiDocuments>;
}

/** What the API served when the snapshot was taken. Values are JSON texts. */
export interface ApiDocuments {
  /** {"api": …, "apis": …}: aggregated discovery (v2). */
  readonly discovery: string;
  /** Path below the server, "/openapi/v3/apis/apps/v1" → document. */
  readonly openapi: Readonly<Record<string, string>>;
}

/** OpenAPI documents as they come, in any order; of two with one path the later one counts. */
export type ApiBodies = AsyncIterable<{ readonly path: string; readonly body: Buffer }>;

/** What `SnapshotWriter.setApi` stores: held documents, or some that are read while they are written. */
export interface ApiDocumentsToStore {
  readonly discovery: string;
  readonly openapi: ApiDocuments["openapi"] | ApiBodies;
}

/** The snapshots of one cluster and series in a store. */
export interface SnapshotSeries {
  /** Undefined when there is none. @throws SnapshotError "damaged", "newer-format" */
  newest(call: Call): Promise<Snapshot | undefined>;
  /** @throws SnapshotError "not-found" */
  at(sequence: number, call: Call): Promise<Snapshot>;
  /** Newest last. */
  list(call: Call): AsyncIterable<{
    readonly sequence: number;
    readonly key: string;
    readonly sizeBytes: number;
    readonly modifiedAt: Date;
  }>;
}

/** An object on its way into a snapshot. */
export interface CapturedObject extends ObjectVersion {
  readonly line: Buffer;
}

/** How mirror files are made; given by the caller, so that this package knows no cleaning rules. */
export interface MirrorView {
  /** Changes whenever equal objects could give different files: rules, emitter, secrets mode. Begins with the fingerprint of `keys` and a blank. */
  readonly fingerprint: string;
  readonly keys: MirrorKeys;
  /** Objects whose captured JSON is larger have no file; the segment names them. Infinity: none. */
  readonly maxObjectBytes: number;
  /** The file of one object; undefined when it has none. */
  render(type: ResourceType, object: CapturedObject): Buffer | undefined;
}

/** What of a view a snapshot is written with: it keeps digests of files, and not where they are. */
export type RenderView = Omit<MirrorView, "keys">;

/** Where there is no mirror: nothing is rendered, and states have no digests. */
export const NO_MIRROR: RenderView = {
  fingerprint: "none",
  maxObjectBytes: Number.POSITIVE_INFINITY,
  render: () => undefined,
};

/** An object that looks like it holds a credential; the value is nowhere. */
export interface FoundCredential {
  readonly key: ObjectKey;
  readonly kind: CredentialKind;
}

/** How the objects are had whose versions are not the parent's. */
export interface MovedObjects {
  /** One object at this very version, a few at a time. @throws whatever keeps it from being had */
  readonly fetch: (version: ObjectVersion) => Promise<CapturedObject>;
  readonly call: Call;
}

/** What one type gave. */
export interface TypeSummary {
  readonly objects: number;
  /** Objects in newly written segments that look like they hold a credential. */
  readonly found: readonly FoundCredential[];
  readonly segmentsWritten: number;
  readonly segmentsReused: number;
  /** Objects in written segments whose mirror file could not be made. */
  readonly invalid: number;
}

/** How much a snapshot has of one type. */
export interface TypeSize {
  readonly objects: number;
  /** Of their lines, line feeds included. */
  readonly rawBytes: number;
}

/** What only the end of a run knows. */
export interface SnapshotDetails {
  readonly cluster: ClusterIdentity;
  readonly runId: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly toolVersion: string;
  readonly rulesVersion: string;
  readonly secrets: SecretsMode;
  readonly consistency?: Consistency;
  readonly skipped: readonly SkippedType[];
  readonly failures: readonly Failure[];
  /** W3C `traceparent` of the run; left out: it is in no trace. */
  readonly trace?: string;
  /** Of an imported snapshot. */
  readonly origin?: SnapshotOrigin;
  /** What the manifest is to carry as `counters`, given what it holds; left out: nothing. */
  readonly counters?: (run: CommittedRun) => RunCounters;
}

/** What only the manifest knows of the run that makes it. */
export interface CommittedRun {
  readonly complete: boolean;
  readonly objects: number;
  /** Failures and unread types, accepted gaps left out. */
  readonly errors: number;
}

/** Why a type's parent segments are named again. */
export interface CarryReason {
  readonly status: "unread" | "filtered";
  readonly reason: string;
  /** Only for "unread": a known gap, with which the snapshot counts as complete all the same. */
  readonly accepted?: boolean;
}

/** A snapshot being written. Nothing of it can be seen by readers until `commit`. */
export interface SnapshotWriter {
  readonly parent: Snapshot | undefined;
  /**
   * Takes a type's objects in key order, cuts them into segments and stores those that moved. If the iteration throws,
   * the type is as if it had never been added.
   * @param end asked after the last object: how they were read; a gap where they are an earlier state that is imported
   */
  addType(
    type: ResourceType,
    objects: AsyncIterable<CapturedObject>,
    end: () => Omit<ReadStatus, "status"> | GapStatus,
    call: Call,
  ): Promise<TypeSummary>;
  /**
   * What the parent has of a type, where all of it may be named again should no version have moved: so it is only after
   * `setApi`, and while the API is the parent's. Undefined otherwise.
   */
  known(type: ResourceType): TypeSize | undefined;
  /**
   * Takes a type by the versions of its objects, all of them, in key order: segments of the parent that hold the same ones
   * are named again, and nothing of them is read. Of the others the lines of what did not move are the parent's, and only
   * what moved is asked for. As `addType` in all else.
   * @param end asked after the last object, with what the snapshot has of the type now: how they were read
   * @param moved left out: nothing may have moved
   * @returns undefined where the type is better listed whole, as when much moved or the parent cannot be read: it is as if
   * nothing had been tried
   * @throws what fetching throws
   */
  nameAgain(
    type: ResourceType,
    versions: AsyncIterable<ObjectVersion>,
    end: (size: TypeSize) => Omit<ReadStatus, "status">,
    moved?: MovedObjects,
  ): Promise<TypeSummary | undefined>;
  /** Names the parent's segments of a type again, because it is unread or filtered now. @returns objects carried, 0 when the parent has none */
  carryType(type: ResourceType, why: CarryReason): number;
  /** Stores the API documents, or names the parent's again while the fingerprint is equal. */
  setApi(fingerprint: string, documents: () => Promise<ApiDocumentsToStore>, call: Call): Promise<void>;
  /** Checks that all that is named is there, then creates the manifest. @throws SnapshotError "lost", "damaged" */
  commit(details: SnapshotDetails, call: Call): Promise<Snapshot>;
}
