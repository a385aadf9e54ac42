import { type Call, compareUtf8 } from "@kubeferry/model";
import { checkKey, checkListing } from "../key.ts";
import { StorageError } from "../storage-error.ts";
import type { ListEntry, ListOptions, ObjectStore } from "../store.ts";
import { discard, readWhole } from "./body.ts";
import { createBreaker } from "./breaker.ts";
import { checkBucket, prepareBucket } from "./bucket.ts";
import { S3, S3Failure, type Target, toStorageError } from "./errors.ts";
import { getOnce, headOnce } from "./get.ts";
import { isPast, nameOf, type Page, pageQuery, parsePage } from "./list.ts";
import type { S3StoreOptions } from "./options.ts";
import { newPut, putOnce } from "./put.ts";
import { realSleep, type Sleep, type Tries, withRetry } from "./retry.ts";
import { createWire, type S3Wire } from "./wire.ts";

/** A thousand keys of 1,024 bytes, each byte written as %XX, with room for the rest. */
const MAX_PAGE_BYTES = 16 * 1024 * 1024;

/** How the process looks from here; tests give their own. */
export interface S3Runtime {
  readonly sleep: Sleep;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a store that is away is left alone. */
  readonly outagePauseMs: number;
}

const REAL: S3Runtime = { sleep: realSleep, env: process.env, now: Date.now, outagePauseMs: 30_000 };

/** What every operation of one store is given. */
interface Bucket {
  readonly wire: S3Wire;
  readonly target: Target;
  readonly tries: Tries;
}

/**
 * An object store in a bucket of an S3 server.
 * @throws StorageError "invalid" for options that cannot be, "denied" when there are no keys
 */
export function createS3Store(options: S3StoreOptions, runtime: Partial<S3Runtime> = {}): ObjectStore {
  const { sleep, env, now, outagePauseMs } = { ...REAL, ...runtime };
  checkBucketName(options.bucket);
  const wire = createWire(options, { env, now });
  const target = { endpoint: wire.url, bucket: options.bucket };
  const bucket: Bucket = {
    wire,
    target,
    tries: { retry: options.retry, target, sleep, breaker: createBreaker(target, outagePauseMs) },
  };
  const prepared = { region: options.region, autoCreateBucket: options.autoCreateBucket };
  return {
    description: `s3 bucket ${options.bucket} at ${wire.url}`,
    keysFrom: wire.keysFrom,
    prepare: (call) => withRetry(bucket.tries, "prepare", call, () => prepareBucket(wire, prepared, call)),
    get: (key, call) => onKey(bucket, "get", key, call, (operation) => getOnce({ wire, target, key, operation }, call)),
    head: (key, call) =>
      onKey(bucket, "head", key, call, (operation) => headOnce({ wire, target, key, operation }, call)),
    list: (prefix, listOptions, call) => list(bucket, prefix, listOptions, call),
    put: (key, body, putOptions, call) => {
      const put = newPut({ key, body, options: putOptions, encryption: options.encryption });
      return onKey(bucket, "put", key, call, async () => ({ etag: await putOnce(wire, put, call) }));
    },
    delete: (key, call) => onKey(bucket, "delete", key, call, () => deleteOnce(wire, key, call)),
  };
}

/** @see S3 user guide, "General purpose bucket naming rules" */
function checkBucketName(bucket: string): void {
  if (/^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) return;
  throw new StorageError({
    kind: "invalid",
    who: S3,
    operation: `open bucket "${bucket}"`,
    problem: "a bucket's name has 3 to 63 small letters, digits, dots and hyphens",
    next: "check store.bucket",
  });
}

async function onKey<T>(
  { tries }: Bucket,
  verb: string,
  key: string,
  call: Call,
  work: (operation: string) => Promise<T>,
): Promise<T> {
  const operation = `${verb} ${key}`;
  checkKey(key, S3, operation);
  return withRetry(tries, operation, call, () => work(operation));
}

async function deleteOnce(wire: S3Wire, key: string, call: Call): Promise<void> {
  try {
    await discard(await wire.send({ method: "DELETE", key }, call), wire.timeoutMs);
  } catch (error) {
    if (!(error instanceof S3Failure) || error.code !== "NoSuchKey") throw error;
  }
}

async function* list(bucket: Bucket, prefix: string, options: ListOptions, call: Call): AsyncGenerator<ListEntry> {
  const operation = `list ${prefix}`;
  checkListing(prefix, options, S3, operation);
  if (isPast(prefix, options.startAfter)) {
    return await withRetry(bucket.tries, operation, call, () => checkBucket(bucket.wire, call));
  }
  let last = options.startAfter ?? "";
  let token: string | undefined;
  do {
    const page = await withRetry(bucket.tries, operation, call, () =>
      pageOnce(bucket.wire, prefix, options, token, call),
    );
    for (const entry of page.entries) {
      const name = nameOf(entry);
      // Servers differ in whether a prefix that holds keys after `startAfter` counts as after it. Here it does not.
      if (compareUtf8(name, options.startAfter ?? "") <= 0) continue;
      if (compareUtf8(name, last) <= 0) throw outOfOrder(operation, bucket.target);
      last = name;
      call.signal.throwIfAborted();
      yield entry;
    }
    if (page.token === token && token !== undefined) throw outOfOrder(operation, bucket.target);
    token = page.token;
  } while (token !== undefined);
}

/** Readers merge listings: one that is out of order, or repeats itself, would make objects vanish. */
function outOfOrder(operation: string, target: Target): StorageError {
  return toStorageError(new S3Failure({ status: 200, code: "KeysOutOfOrder" }), operation, target);
}

async function pageOnce(
  wire: S3Wire,
  prefix: string,
  options: ListOptions,
  token: string | undefined,
  call: Call,
): Promise<Page> {
  const answer = await wire.send({ method: "GET", query: pageQuery(prefix, options, token) }, call);
  return parsePage((await readWhole(answer, wire.timeoutMs, MAX_PAGE_BYTES)).toString("utf8"), wire.dialect);
}
