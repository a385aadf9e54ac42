import { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { type ObjectReader, type ObjectStore, StorageError } from "@kubeferry/object-store";
import { z } from "zod";
import { readAtMost } from "../blob/read-blob.ts";
import { canonicalJson } from "../manifest/canonical-json.ts";
import { parseJsonText, refuseNewerFormat } from "../manifest/read-manifest.ts";
import { SnapshotError } from "../snapshot-error.ts";

/** Beside the mirror's marker, the only key outside the mirror that is ever rewritten. */
export const LEASE_KEY = "_lease.json";
const MAX_LEASE_BYTES = 1024 * 1024;
/** Every failed try means that somebody else's change went through. */
const TRIES = 100;

const Holder = z.object({
  runId: z.string(),
  worker: z.string().min(1),
  work: z.enum(["backup", "prune", "import"]),
  since: z.string(),
  ttlMs: z.number().int().positive(),
  renewals: z.number().int().nonnegative(),
});
const Slot = z.object({ failedRuns: z.number().int().nonnegative(), holder: Holder.optional() });
const LeaseSchema = z.object({ format: z.literal(1), series: z.record(z.string(), Slot) });

/** Who is at work on a series. */
export interface LeaseHolder {
  readonly runId: string;
  /** Unique to one call of `acquireLease`. */
  readonly worker: string;
  readonly work: "backup" | "prune" | "import";
  /** RFC 3339, by the holder's clock; for people. */
  readonly since: string;
  /** Without a renewal for so long the holder counts as dead. */
  readonly ttlMs: number;
  /** Counted up by every renewal: the sign of life. */
  readonly renewals: number;
}

/** One series in the lease. */
export interface LeaseSlot {
  /** Runs of this series that ended without a commit, since the lease was first written. */
  readonly failedRuns: number;
  readonly holder?: LeaseHolder | undefined;
}

/** `_lease.json`: who is at work, by series. */
interface LeaseRecord {
  readonly format: 1;
  readonly series: Readonly<Record<string, LeaseSlot>>;
}

interface HeldRecord {
  readonly record: LeaseRecord;
  readonly etag: string;
}

/** @returns the series' slot; an empty one when there is none @throws SnapshotError "newer-format" */
export async function readSlot(store: ObjectReader, series: string, call: Call): Promise<LeaseSlot> {
  return slotOf((await readRecord(store, call))?.record, series);
}

/**
 * Changes the slot of one series, whatever happens to the others meanwhile.
 * @param change gives undefined to leave everything as it is
 * @returns the new slot; undefined when `change` gave none
 * @throws SnapshotError "newer-format"; StorageError "conflict" when the record never held still
 */
export async function changeSlot(
  store: ObjectStore,
  series: string,
  change: (slot: LeaseSlot) => LeaseSlot | undefined,
  call: Call,
): Promise<LeaseSlot | undefined> {
  for (let tries = 1; ; tries++) {
    call.signal.throwIfAborted();
    const held = await readRecord(store, call);
    const slot = change(slotOf(held?.record, series));
    if (slot === undefined) return undefined;
    const record: LeaseRecord = { format: 1, series: { ...held?.record.series, [series]: slot } };
    const condition = held === undefined ? ({ ifAbsent: true } as const) : { ifMatch: held.etag };
    try {
      await store.put(LEASE_KEY, canonicalJson(record), { condition, contentType: "application/json" }, call);
      return slot;
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind !== "conflict" || tries === TRIES) throw error;
    }
  }
}

async function readRecord(store: ObjectReader, call: Call): Promise<HeldRecord | undefined> {
  const found = await store.get(LEASE_KEY, call);
  if (found === undefined) return undefined;
  const bytes = await readAtMost(found, MAX_LEASE_BYTES);
  try {
    const json = parseJsonText(bytes ?? Buffer.alloc(0), LEASE_KEY);
    refuseNewerFormat(json, LEASE_KEY);
    return { record: LeaseSchema.parse(json), etag: found.etag };
  } catch (error) {
    if (error instanceof SnapshotError && error.kind === "newer-format") throw error;
    // Nothing depends on the lease, so a damaged one must not keep every run from working.
    call.log.warn("lease cannot be read and is written anew", { operation: "lease", data: { key: LEASE_KEY } });
    return { record: { format: 1, series: {} }, etag: found.etag };
  }
}

function slotOf(record: LeaseRecord | undefined, series: string): LeaseSlot {
  return record?.series[series] ?? { failedRuns: 0 };
}
