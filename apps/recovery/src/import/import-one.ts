import { type Call, type SecretsMode, typeName } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import {
  createSnapshotWriter,
  type Lease,
  RENDER_FAILURE,
  type Sealing,
  type Snapshot,
  type SnapshotDetails,
  type SnapshotWriter,
  type TypeEntry,
  type TypeStatus,
  verifySnapshot,
} from "@kubeferry/snapshot";
import { RecoveryError } from "../recovery-error.ts";
import { capturedObjects, linesDigest } from "./captured-objects.ts";
import type { ImportTarget } from "./import-snapshots.ts";
import { secretsIn } from "./secrets-in.ts";

/** One snapshot, and the store it is read from. */
export interface SourceSnapshot {
  readonly snapshot: Snapshot;
  /** Prefixed to the cluster's root. */
  readonly store: ObjectReader;
}

/** The series it is committed to, as it is now. */
export interface TargetNow extends ImportTarget {
  readonly parent: Snapshot | undefined;
  readonly lease: Lease;
}

/**
 * Copies one snapshot: read whole and verified first, then written, committed, and read back.
 * @returns the committed copy
 */
export async function importOne(source: SourceSnapshot, target: TargetNow, call: Call): Promise<Snapshot> {
  const { snapshot } = source;
  const secrets = secretsIn(snapshot, target);
  await verified(snapshot, source.store, "nothing of it was imported", call);
  const writer = openWriter(snapshot, target, secrets);
  await writer.setApi(snapshot.manifest.api.fingerprint, () => snapshot.api(call), call);
  const digests = new Map<string, string>();
  for (const type of snapshot.manifest.types) {
    const lines = linesDigest();
    const objects = lines.through(capturedObjects(snapshot, type, call));
    await writer.addType(type, objects, () => statusOf(type, target.parent), call);
    digests.set(typeName(type), lines.digest());
  }
  const copy = await writer.commit(detailsOf(snapshot, target.parent, secrets), call);
  const next = `snapshot ${copy.manifest.sequence} of this store is not to be relied upon; remove it and import again`;
  await verified(copy, target.store, next, call);
  await compareLines(copy, digests, next, call);
  return copy;
}

function openWriter({ manifest }: Snapshot, target: TargetNow, secrets: SecretsMode): SnapshotWriter {
  const { sealer } = target.protection;
  const sealing: Sealing | undefined =
    sealer === undefined || secrets === "plain" ? undefined : { sealer, seals: () => secrets === "encrypt" };
  return createSnapshotWriter({
    store: target.store,
    series: target.series,
    parent: target.parent,
    view: target.viewFor(secrets),
    capture: manifest.capture,
    sealing,
    protection: target.protection,
    uploads: target.uploads,
    pruneBeside: { gcGraceMs: target.gcGraceMs, storeNow: target.lease.storeNow },
  });
}

/** A gap stays one. Since which snapshot it is there is said in the numbers of this store. */
function statusOf({ captured, ...type }: TypeEntry, parent: Snapshot | undefined): TypeStatus {
  if (captured.status === "read") return captured;
  const known = parent?.manifest.types.find((each) => typeName(each) === typeName(type))?.captured;
  const isSame = known?.status === captured.status && known.since === captured.since;
  return { ...captured, sinceSequence: isSame ? known.sinceSequence : (parent?.manifest.sequence ?? 0) + 1 };
}

function detailsOf(
  { manifest, sha256 }: Snapshot,
  parent: Snapshot | undefined,
  secrets: SecretsMode,
): SnapshotDetails {
  const counters = parent === undefined ? manifest.counters : parent.manifest.counters;
  return {
    cluster: manifest.cluster,
    runId: manifest.runId,
    startedAt: new Date(manifest.startedAt),
    finishedAt: new Date(manifest.finishedAt),
    toolVersion: manifest.tool.version,
    rulesVersion: manifest.tool.rules,
    secrets,
    ...(manifest.consistency === undefined ? {} : { consistency: manifest.consistency }),
    skipped: manifest.skipped,
    // Files of the mirror are made anew, and what cannot be made is said anew.
    failures: manifest.failures.filter(({ kind }) => kind !== RENDER_FAILURE),
    origin: { series: manifest.series, sequence: manifest.sequence, sha256 },
    ...(counters === undefined ? {} : { counters: () => counters }),
  };
}

async function verified(snapshot: Snapshot, store: ObjectReader, next: string, call: Call): Promise<void> {
  const { problems } = await verifySnapshot(snapshot, store, call);
  const [first, ...others] = problems;
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  throw damaged(snapshot, `${first.key}: ${first.problem}${more}`, next);
}

/** Reads back what can be opened here: the same lines in the same order. */
async function compareLines(
  copy: Snapshot,
  digests: ReadonlyMap<string, string>,
  next: string,
  call: Call,
): Promise<void> {
  for (const type of copy.manifest.types) {
    if (!type.segments.every(copy.isReadable)) continue;
    const lines = linesDigest();
    for await (const _ of lines.through(capturedObjects(copy, type, call))) call.signal.throwIfAborted();
    if (lines.digest() === digests.get(typeName(type))) continue;
    throw damaged(copy, `${typeName(type)} came out otherwise than they went in`, next);
  }
}

function damaged({ key }: Snapshot, problem: string, next: string): RecoveryError {
  return new RecoveryError({ kind: "damaged", who: "import", operation: `verify ${key}`, problem, next });
}
