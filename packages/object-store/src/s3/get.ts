import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Call } from "@kubeferry/model";
import type { ObjectInfo, StoredObject } from "../store.ts";
import { chunksOf, discard, readWhole } from "./body.ts";
import { checkBucket } from "./bucket.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { S3Failure, type Target, toStorageError } from "./errors.ts";
import type { S3Wire } from "./wire.ts";

/** Bodies up to here are read at once: they can be tried again as a whole, and hold no connection. */
const EAGER_BYTES = 1024 * 1024;

/** One reading request. */
export interface Reading {
  readonly wire: S3Wire;
  readonly target: Target;
  readonly key: string;
  readonly operation: string;
}

/** @returns undefined when there is no such key. @throws S3Failure; from a long body StorageError */
export function getOnce(reading: Reading, call: Call): Promise<StoredObject | undefined> {
  const { wire, key } = reading;
  return unlessAbsent(wire, call, async () => {
    const answer = await wire.send({ method: "GET", key }, call);
    const info = infoOf(key, answer, wire.dialect);
    if (info.sizeBytes > EAGER_BYTES) return { ...info, body: streamed(answer, reading, call) };
    const bytes = await readWhole(answer, wire.timeoutMs, EAGER_BYTES);
    return { ...info, body: inMemory(bytes) };
  });
}

/** As `getOnce`, without the body. */
export function headOnce({ wire, key }: Reading, call: Call): Promise<ObjectInfo | undefined> {
  return unlessAbsent(wire, call, async () => {
    const answer = await wire.send({ method: "HEAD", key }, call);
    await discard(answer, wire.timeoutMs);
    return infoOf(key, answer, wire.dialect);
  });
}

async function unlessAbsent<T>(wire: S3Wire, call: Call, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof S3Failure) || error.status !== 404) throw error;
    if (error.code === "NoSuchKey") return undefined;
    // Most servers answer HEAD with a bare 404, whatever it is that is missing.
    if (error.code !== undefined) throw error;
    await checkBucket(wire, call);
    return undefined;
  }
}

async function* inMemory(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

async function* streamed(answer: IncomingMessage, { wire, target, operation }: Reading, call: Call) {
  try {
    yield* chunksOf(answer, wire.timeoutMs);
  } catch (error) {
    call.signal.throwIfAborted();
    throw error instanceof S3Failure ? toStorageError(error, operation, target) : error;
  }
}

function infoOf(key: string, { headers }: IncomingMessage, dialect: Dialect): ObjectInfo {
  const sizeBytes = Number(headers["content-length"] ?? Number.NaN);
  const modifiedAt = new Date(headers["last-modified"] ?? Number.NaN);
  if (!Number.isSafeInteger(sizeBytes) || Number.isNaN(modifiedAt.getTime())) {
    throw new S3Failure({ status: 200, code: "NoObjectHeaders" });
  }
  return { key, sizeBytes, etag: dialect.etagIn(headers), modifiedAt, ...lockOf(headers, dialect) };
}

/** @see S3 API, HeadObject: x-amz-object-lock-retain-until-date, x-amz-object-lock-legal-hold */
function lockOf(headers: IncomingHttpHeaders, { prefix }: Dialect): Pick<ObjectInfo, "lockedUntil" | "legalHold"> {
  const date = headers[`${prefix}object-lock-retain-until-date`];
  const lockedUntil = date === undefined ? undefined : new Date(String(date));
  // A lock that cannot be read must not pass for none.
  if (lockedUntil !== undefined && Number.isNaN(lockedUntil.getTime())) {
    throw new S3Failure({ status: 200, code: "UnreadableLock" });
  }
  return {
    ...(lockedUntil === undefined ? {} : { lockedUntil }),
    ...(headers[`${prefix}object-lock-legal-hold`] === "ON" ? { legalHold: true } : {}),
  };
}
