import type { Call, Failure } from "@kubeferry/model";
import { type ObjectStore, StorageError } from "@kubeferry/object-store";

/** How keys are removed. */
export interface Removing {
  readonly store: ObjectStore;
  /** The store's clock when prune began. */
  readonly storeTime: Date;
  /** From asking about a key to the end of its removal. */
  readonly withinMs: number;
  /** True: everything is asked, nothing removed. */
  readonly dryRun: boolean;
}

/** What became of a key; "young": bytes that were written again since they were listed. */
export type Removal =
  | { readonly outcome: "removed"; readonly sizeBytes: number }
  | { readonly outcome: "gone" | "young" }
  /** `lockedUntil` is undefined for a legal hold, which ends when somebody lifts it. */
  | { readonly outcome: "later"; readonly lockedUntil: Date | undefined }
  | { readonly outcome: "failed"; readonly failure: Failure };

/**
 * Removes a key unless the store protects it. It is asked first: where versions are kept, a locked object takes a
 * DELETE as well, and disappears behind a marker while its bytes stay.
 * @param olderThan bytes that are not older stay
 * @throws AbortError of the call's own signal; all else is in the result
 */
export async function removeKey(
  { store, storeTime, withinMs, dryRun }: Removing,
  key: string,
  olderThan: Date | undefined,
  call: Call,
): Promise<Removal> {
  const tooLate = AbortSignal.timeout(withinMs);
  const timed: Call = { ...call, signal: AbortSignal.any([call.signal, tooLate]) };
  try {
    const found = await store.head(key, timed);
    if (found === undefined) return { outcome: "gone" };
    const { lockedUntil, legalHold, modifiedAt, sizeBytes } = found;
    if (legalHold === true) return { outcome: "later", lockedUntil: undefined };
    if (lockedUntil !== undefined && lockedUntil > storeTime) return { outcome: "later", lockedUntil };
    if (olderThan !== undefined && modifiedAt >= olderThan) return { outcome: "young" };
    if (!dryRun) await store.delete(key, timed);
    return { outcome: "removed", sizeBytes };
  } catch (error) {
    if (call.signal.aborted) throw error;
    return { outcome: "failed", failure: failureOf(key, error, tooLate.aborted) };
  }
}

function failureOf(key: string, error: unknown, late: boolean): Failure {
  const target = `prune ${key}`;
  if (error instanceof StorageError) return { target, kind: error.kind, message: error.message };
  if (!late) throw error;
  return {
    target,
    kind: "unavailable",
    message: `the store did not remove ${key} in time; the next prune tries again`,
  };
}
