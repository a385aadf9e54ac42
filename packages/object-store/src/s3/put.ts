import { hash, randomUUID } from "node:crypto";
import type { Call } from "@kubeferry/model";
import type { PutOptions } from "../store.ts";
import { discard } from "./body.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { S3Failure } from "./errors.ts";
import type { ServerEncryption } from "./options.ts";
import type { S3Wire } from "./wire.ts";

/** Names the one put that stored a version: the server keeps it beside the bytes. */
const TOKEN = "meta-kubeferry-put";

/** One put; repeating it is the caller's. */
export interface Put {
  readonly key: string;
  readonly body: Uint8Array;
  readonly options: PutOptions;
  readonly encryption: ServerEncryption | undefined;
  /** Given with conditions: the same for all tries of one put, and for no other put. */
  readonly token: string | undefined;
}

/** A put with the token that its condition needs. */
export function newPut(put: Omit<Put, "token">): Put {
  return { ...put, token: put.options.condition === undefined ? undefined : randomUUID() };
}

/**
 * Sends the bytes. When the answer to an earlier try was lost, the condition fails on what that try has stored: the
 * token tells this success from the success of somebody else, also where both wrote the same bytes.
 * @returns the new etag, unquoted
 */
export async function putOnce(wire: S3Wire, put: Put, call: Call): Promise<string> {
  try {
    const headers = headersOf(put, wire.dialect);
    const answer = await wire.send({ method: "PUT", key: put.key, headers, body: put.body }, call);
    await discard(answer, wire.timeoutMs);
    return wire.dialect.etagIn(answer.headers);
  } catch (error) {
    if (put.token === undefined || !isBrokenCondition(error, put)) throw error;
    const stored = await etagStoredBy(wire, put.key, put.token, call);
    if (stored === undefined) throw brokenCondition(error);
    return stored;
  }
}

function headersOf({ body, options, encryption, token }: Put, dialect: Dialect): Record<string, string> {
  const { condition, contentType } = options;
  return {
    "content-type": contentType ?? "application/octet-stream",
    // A bucket with object lock takes no put without it; the signed SHA-256 does not count there.
    "content-md5": hash("md5", body, "base64"),
    ...(condition === undefined ? {} : dialect.conditionHeaders(condition)),
    ...(encryption === undefined ? {} : dialect.encryptionHeaders(encryption)),
    ...(token === undefined ? {} : { [`${dialect.prefix}${TOKEN}`]: token }),
  };
}

/** If-Match on a key that has gone is answered 404. */
function isBrokenCondition(error: unknown, { options }: Put): boolean {
  if (!(error instanceof S3Failure)) return false;
  const gone = error.code === "NoSuchKey" && options.condition !== undefined && "ifMatch" in options.condition;
  return error.status === 412 || gone;
}

function brokenCondition(cause: unknown): S3Failure {
  return new S3Failure({ status: 412, code: "PreconditionFailed", cause });
}

async function etagStoredBy(wire: S3Wire, key: string, token: string, call: Call): Promise<string | undefined> {
  try {
    const answer = await wire.send({ method: "HEAD", key }, call);
    await discard(answer, wire.timeoutMs);
    const { prefix, etagIn } = wire.dialect;
    return answer.headers[`${prefix}${TOKEN}`] === token ? etagIn(answer.headers) : undefined;
  } catch (error) {
    if (error instanceof S3Failure && error.status === 404) return undefined;
    throw error;
  }
}
