import { Buffer } from "node:buffer";
import { type Call, type Failure, typeName } from "@kubeferry/model";
import { type ObjectStore, StorageError } from "@kubeferry/object-store";
import { manifestKey } from "../keys.ts";
import { canonicalJson } from "../manifest/canonical-json.ts";
import { parseManifest, readManifest, type StoredManifest } from "../manifest/read-manifest.ts";
import type { SegmentRef, SnapshotManifest } from "../manifest.ts";
import type { Signer, Trust } from "../protection/signature.ts";
import { listSnapshots } from "../series.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type { Snapshot } from "../snapshots.ts";
import type { TypeDraft } from "./drafts.ts";
import { blobsOfSegment, missingBlobs, type NamedBlob } from "./named-blobs.ts";
import type { Uploads } from "./uploads.ts";

/** Where a manifest is put. */
export interface CommitPlace {
  readonly store: ObjectStore;
  readonly series: string;
  readonly parent: Snapshot | undefined;
  /** Undefined: the manifest is not signed. */
  readonly signer?: Signer | undefined;
  readonly trust?: Trust | undefined;
}

/**
 * Creates the manifest: the commit, and the compare-and-swap.
 * @throws SnapshotError "lost" naming the run that was first
 */
export async function putManifest(place: CommitPlace, manifest: SnapshotManifest, call: Call): Promise<StoredManifest> {
  const key = manifestKey(manifest.series, manifest.sequence);
  const line = canonicalJson(manifest);
  const bytes = place.signer === undefined ? line : Buffer.concat([line, place.signer.lineFor(line)]);
  // A reader would refuse what does not parse here, so it is never stored.
  const stored = parseManifest(bytes, manifest.series, key, place);
  const earlier = await firstAfter(place, place.parent?.manifest.sequence, call);
  if (earlier !== undefined) return oursOrLost(earlier, stored);
  if (!(await create(place, stored, bytes, call))) await oursOrLostAt(place, stored, call);
  await takeBackIfOvertaken(place, stored, call);
  return stored;
}

/** @returns false when the key is taken, or may be: then what stands there decides */
async function create(place: CommitPlace, own: StoredManifest, bytes: Buffer, call: Call): Promise<boolean> {
  const { key } = own;
  try {
    await place.store.put(key, bytes, { condition: { ifAbsent: true }, contentType: "application/json" }, call);
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (error.kind === "conflict") return false;
    // The answer may be lost while the manifest is there.
    const found = await readManifest(place.store, place.series, key, call, place).catch(() => undefined);
    if (found?.sha256 !== own.sha256) throw error;
    return false;
  }
}

/**
 * A manifest behind the parent means that another run was first, also when the very next one was pruned since and its
 * key is free again: creating that would be a commit nobody finds.
 */
async function firstAfter(
  place: CommitPlace,
  sequence: number | undefined,
  call: Call,
): Promise<StoredManifest | undefined> {
  const { store, series } = place;
  for await (const { key } of listSnapshots(store, series, sequence, call)) {
    const found = await readManifest(store, series, key, call, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function oursOrLostAt(place: CommitPlace, own: StoredManifest, call: Call): Promise<StoredManifest> {
  const found = await readManifest(place.store, place.series, own.key, call, place);
  if (found === undefined) throw lost(own.key, "another run");
  return oursOrLost(found, own);
}

/**
 * A run that stood still between its look and its creation may have got a key that others used and prune freed again. A
 * snapshot that stands there and was built on the other one would have a broken link: what was created is taken back.
 * @throws SnapshotError "lost"
 */
async function takeBackIfOvertaken(place: CommitPlace, { key, sha256, manifest }: StoredManifest, call: Call) {
  const later = await laterOrUnknown(place, manifest.sequence, call);
  if (later === undefined || later.manifest.parent === sha256) return;
  // Where more than that is gone nobody's link is broken, and retention decides about this one as about every other.
  if (later.manifest.sequence === manifest.sequence + 1) await takeBack(place, key, later, call);
  throw lost(later.key, `run ${later.manifest.runId}`);
}

/** A key that removes no snapshots cannot do it, and then somebody has to: a lost run alone would concern nobody. */
async function takeBack({ store }: CommitPlace, key: string, later: StoredManifest, call: Call): Promise<void> {
  try {
    await store.delete(key, call);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new SnapshotError({
      kind: "untrusted",
      who: "snapshot",
      operation: `commit ${key}`,
      key,
      problem: `run ${later.manifest.runId} committed first, and the store did not let this manifest be taken back (${error.kind}): ${later.key} was built on another one`,
      security: "lease-conflict",
      next: `remove ${key} with a key that may remove snapshots; until then readers that check signatures refuse ${later.key}`,
      cause: error,
    });
  }
}

/** The commit stands, so an answer that does not come is no reason to call it a failure. */
async function laterOrUnknown(place: CommitPlace, sequence: number, call: Call): Promise<StoredManifest | undefined> {
  try {
    return await firstAfter(place, sequence, call);
  } catch (error) {
    call.log.warn("nobody could say whether this run was overtaken", { operation: "snapshot_commit", error });
    return undefined;
  }
}

/** A run's id can be copied, its bytes cannot be without being the same. */
function oursOrLost(found: StoredManifest, own: StoredManifest): StoredManifest {
  if (found.sha256 === own.sha256) return found;
  throw lost(found.key, `run ${found.manifest.runId}`);
}

function lost(key: string, winner: string): SnapshotError {
  return new SnapshotError({
    kind: "lost",
    who: "snapshot",
    operation: `commit ${key}`,
    key,
    problem: `${winner} committed first`,
    next: "nothing is lost in the bucket: run again to build on that snapshot",
  });
}

/** What is checked before a manifest names it. */
export interface NamedParts {
  readonly drafts: readonly TypeDraft[];
  readonly api: NamedBlob;
  readonly uploads: Uploads;
  readonly concurrency: number;
  /** False when nothing of the parent was named again where it could be written anew. */
  readonly reuse: boolean;
}

/**
 * HEADs every blob that is named and was not put by this run.
 * @returns the drafts to name, without carried segments that no longer exist when `reuse` is off: nobody can write those
 * anew while their type is unread, and a run that insisted on them could never commit again
 * @throws SnapshotError "damaged" naming a missing key
 */
export async function checkNamed(
  store: ObjectStore,
  { drafts, api, uploads, concurrency, reuse }: NamedParts,
  call: Call,
): Promise<{ readonly drafts: readonly TypeDraft[]; readonly failures: readonly Failure[] }> {
  const segments = drafts.flatMap((draft) => draft.segments.flatMap(blobsOfSegment));
  const unsure = [...segments, api].filter((blob) => !uploads.stored(blob.key));
  const missing = await missingBlobs(store, unsure, concurrency, call);
  const failures: Failure[] = [];
  const kept = drafts.map((draft) => (reuse ? draft : withoutMissing(draft, missing, failures)));
  const named = [...kept.flatMap((draft) => draft.segments.flatMap(blobsOfSegment)), api];
  const gone = named.find((blob) => missing.has(blob.key));
  if (gone === undefined) return { drafts: kept, failures };
  throw new SnapshotError({
    kind: "damaged",
    who: "snapshot",
    operation: "commit",
    key: gone.key,
    problem: `${gone.key} is missing or cut short, and the snapshot would name it`,
    next: "nothing was committed; the next run writes it anew",
  });
}

function withoutMissing(draft: TypeDraft, missing: ReadonlySet<string>, failures: Failure[]): TypeDraft {
  if (draft.from !== "parent") return draft;
  const isThere = (segment: SegmentRef) => blobsOfSegment(segment).every((blob) => !missing.has(blob.key));
  const segments = draft.segments.filter(isThere);
  if (segments.length === draft.segments.length) return draft;
  const lostObjects = draft.segments
    .filter((segment) => !isThere(segment))
    .reduce((total, segment) => total + segment.objects, 0);
  const message = `${lostObjects} objects could not be carried over: their segments are gone from the store`;
  failures.push({ target: typeName(draft.type), kind: "damaged", message });
  return { ...draft, segments };
}
