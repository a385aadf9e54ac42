import type { Call, Failure } from "@kubeferry/model";
import { type ObjectStore, StorageError } from "@kubeferry/object-store";
import { createInFlight } from "../in-flight.ts";
import type { MirrorEdit } from "./edits.ts";

/** Edits between two looks at the marker. */
const EDITS_PER_LOOK = 200;
/** With so many refused files the store itself is in trouble: the rest would only wait for the same answer. */
const MAX_FAILURES = 100;

/** How edits are applied. */
export interface Applying {
  readonly store: ObjectStore;
  /** Requests on their way at once. */
  readonly concurrency: number;
  /** Asked every 200 edits; true ends the work. */
  readonly isOvertaken: () => Promise<boolean>;
  /** Counted up as files are stored and removed. */
  readonly counts: { put: number; deleted: number };
  /** Files the store refused. */
  readonly failures: Failure[];
}

/**
 * Applies edits; when it returns or throws, no request of it is on its way any more.
 * @returns "overtaken" or "failing" when it stopped before the last edit
 */
export async function applyEdits(
  edits: AsyncIterable<MirrorEdit>,
  applying: Applying,
  call: Call,
): Promise<"done" | "overtaken" | "failing"> {
  const inFlight = createInFlight(applying.concurrency);
  let started = 0;
  try {
    for await (const edit of edits) {
      call.signal.throwIfAborted();
      await inFlight.start(() => applyEdit(edit, applying, call));
      started++;
      if (applying.failures.length >= MAX_FAILURES) return "failing";
      if (started % EDITS_PER_LOOK === 0 && (await applying.isOvertaken())) return "overtaken";
    }
  } finally {
    await inFlight.settle();
  }
  inFlight.throwIfFailed();
  return "done";
}

async function applyEdit({ key, file }: MirrorEdit, applying: Applying, call: Call): Promise<void> {
  const { store, counts } = applying;
  try {
    if (file === undefined) {
      await store.delete(key, call);
      counts.deleted++;
    } else {
      await store.put(key, file, { contentType: "application/yaml" }, call);
      counts.put++;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    applying.failures.push({ target: `mirror ${key}`, kind: error.kind, message: error.message });
  }
}
