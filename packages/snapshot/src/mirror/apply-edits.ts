import { type Call, type Failure, finishing } from "@kubeferry/model";
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

/** How applying edits ended; everything but "done" is before the last edit. "interrupted": the caller was told to stop. */
export type Applied = "done" | "overtaken" | "failing" | "interrupted";

/** Applies edits; when it returns or throws, no request of it is on its way any more: those that are, are finished. */
export async function applyEdits(edits: AsyncIterable<MirrorEdit>, applying: Applying, call: Call): Promise<Applied> {
  const inFlight = createInFlight(applying.concurrency);
  let started = 0;
  try {
    for await (const edit of edits) {
      await inFlight.start(async () => {
        // Also for one that has waited for its place.
        call.signal.throwIfAborted();
        await applyEdit(edit, applying, finishing(call));
      });
      started++;
      if (applying.failures.length >= MAX_FAILURES) return "failing";
      if (started % EDITS_PER_LOOK === 0 && (await applying.isOvertaken())) return "overtaken";
    }
    await inFlight.settle();
    inFlight.throwIfFailed();
    return "done";
  } catch (error) {
    if (call.signal.aborted) return "interrupted";
    throw error;
  } finally {
    await inFlight.settle();
  }
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
