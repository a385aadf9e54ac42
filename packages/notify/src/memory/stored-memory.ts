import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { Call } from "@kubeferry/model";
import { type ObjectStore, type PutCondition, StorageError } from "@kubeferry/object-store";
import { z } from "zod";
import type { NewsMemory } from "./memory.ts";
import { NO_NEWS, SubjectMemory } from "./subject-memory.ts";

/** A few subjects with a few channels; what is larger is not ours. */
const MAX_BYTES = 256 * 1024;
/** Two runs that end at once change one file; whoever loses so often gives up, and a message may come twice. */
const TRIES = 4;

const Record = z.object({ format: z.literal(1), subjects: z.record(z.string(), SubjectMemory) });

interface Held {
  readonly subjects: Readonly<Record<string, SubjectMemory>>;
  readonly etag: string | undefined;
}

/** Where a memory lies. */
export interface MemoryPlace {
  /** Opens the store. */
  readonly open: () => Promise<ObjectStore>;
  /** `_notifications.json` in the root of a cluster, or one of stage 2. */
  readonly key: string;
  /** How long reading may take, and writing: a store that is away is tried for longer elsewhere. */
  readonly patienceMs: number;
}

/**
 * Lies in the store, as one small file.
 * @param beside what the process itself knows: used where the store cannot be read, or does not let this key write
 */
export function createStoredMemory({ open, key, patienceMs }: MemoryPlace, beside: NewsMemory): NewsMemory {
  const patient = (call: Call): Call => ({
    ...call,
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(patienceMs)]),
  });
  return {
    async read(subject, call) {
      const known = await beside.read(subject, call);
      try {
        const { subjects } = await readHeld(await open(), key, patient(call));
        return subjects[subject] ?? known;
      } catch (error) {
        call.signal.throwIfAborted();
        call.log.debug("what was told before is not known", { operation: "notify", error });
        return known;
      }
    },
    async write(subject, memory, call) {
      await beside.write(subject, memory, call);
      try {
        await change(await open(), key, { subject, memory }, patient(call));
      } catch (error) {
        call.signal.throwIfAborted();
        call.log.warn(
          "what was told is not kept in the store: it may be told again, and no row of failures is counted",
          { operation: "notify", error },
        );
      }
    },
  };
}

async function change(
  store: ObjectStore,
  key: string,
  { subject, memory }: { readonly subject: string; readonly memory: SubjectMemory },
  call: Call,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { subjects, etag } = await readHeld(store, key, call);
    if (isDeepStrictEqual(subjects[subject] ?? NO_NEWS, memory)) return;
    const body = Buffer.from(
      `${JSON.stringify({ format: 1, subjects: sorted({ ...subjects, [subject]: memory }) })}\n`,
    );
    const condition: PutCondition = etag === undefined ? { ifAbsent: true } : { ifMatch: etag };
    try {
      await store.put(key, body, { condition, contentType: "application/json" }, call);
      return;
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind !== "conflict" || tries === TRIES) throw error;
    }
  }
}

/** @throws StorageError; ZodError and SyntaxError for a file that is not ours, or of a later version */
async function readHeld(store: ObjectStore, key: string, call: Call): Promise<Held> {
  const found = await store.get(key, call);
  if (found === undefined) return { subjects: {}, etag: undefined };
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of found.body) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > MAX_BYTES) break;
    chunks.push(chunk);
  }
  const { subjects } = Record.parse(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  return { subjects, etag: found.etag };
}

function sorted<Value>(record: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}
