import { Buffer } from "node:buffer";
import { StorageError } from "./storage-error.ts";
import type { ListOptions } from "./store.ts";

/** S3 takes keys of up to 1,024 bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;
const HALF_PAIR = "the key holds half a surrogate pair, which UTF-8 cannot carry";

/**
 * Refuses keys that some store could not hold, so that what one store takes can be copied into any other.
 * @throws StorageError "invalid" for an empty key, empty, "." or ".." segments, a leading or trailing "/", NUL,
 * unpaired surrogates and more than 1,024 bytes
 */
export function checkKey(key: string, who: string, operation: string): void {
  const problem = keyProblem(key);
  if (problem !== undefined) throw new StorageError({ kind: "invalid", who, operation, problem });
}

/** As `checkKey`, for the start of keys: "" or a valid key followed by "/". */
export function checkPrefix(prefix: string, who: string, operation: string): void {
  if (prefix === "") return;
  const problem = prefix.endsWith("/") ? keyProblem(prefix.slice(0, -1)) : 'a prefix is empty or ends in "/"';
  if (problem !== undefined) throw new StorageError({ kind: "invalid", who, operation, problem });
}

/** As `checkPrefix`, for all that a listing is asked; `startAfter` need be no key. */
export function checkListing(prefix: string, { startAfter }: ListOptions, who: string, operation: string): void {
  checkPrefix(prefix, who, operation);
  if (startAfter?.isWellFormed() === false)
    throw new StorageError({ kind: "invalid", who, operation, problem: HALF_PAIR });
}

function keyProblem(key: string): string | undefined {
  if (key === "") return "the key is empty";
  if (!key.isWellFormed()) return HALF_PAIR;
  if (key.includes("\0")) return "the key holds a NUL character";
  if (Buffer.byteLength(key, "utf8") > MAX_KEY_BYTES) return `the key is longer than ${MAX_KEY_BYTES} bytes`;
  for (const segment of key.split("/")) {
    if (segment === "") return 'the key starts or ends with "/" or holds "//"';
    if (segment === "." || segment === "..")
      return `the key holds a segment "${segment}", which leads out of its place`;
  }
  return undefined;
}
