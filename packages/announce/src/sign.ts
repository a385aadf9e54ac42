import { createHmac } from "node:crypto";
import { type Secret, webhookKeyBytes } from "@kubeferry/model";
import { AnnounceError } from "./announce-error.ts";

/** What a signature is over. */
export interface SignedCall {
  /** `webhook-id`, equal for every try of one call. */
  readonly id: string;
  /** `webhook-timestamp`, when this try is made. */
  readonly timestamp: Date;
  /** The bytes as they are sent. */
  readonly body: Uint8Array;
}

/**
 * Signs a call as Standard Webhooks says: HMAC-SHA256 over id, seconds since 1970 and body, joined by dots.
 * @returns "v1,<base64>", one item of `webhook-signature`
 * @throws AnnounceError "key"
 */
export function signCall(call: SignedCall, key: Secret): string {
  return `v1,${digestOf(call, keyBytes(key)).toString("base64")}`;
}

/** The digest that signs the call. */
export function digestOf({ id, timestamp, body }: SignedCall, key: Uint8Array): Buffer {
  return createHmac("sha256", key)
    .update(`${id}.${unixSeconds(timestamp)}.`)
    .update(body)
    .digest();
}

/** As `webhook-timestamp` has it. */
export function unixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** @throws AnnounceError "key", which does not repeat it */
export function keyBytes(key: Secret): Buffer {
  // A file that holds a key ends with a line feed.
  const bytes = webhookKeyBytes(key.reveal().trim());
  if (bytes !== undefined) return bytes;
  throw new AnnounceError({
    kind: "key",
    who: "webhook",
    operation: "read a signing key",
    problem: "it is not whsec_ and the base64 of 24 to 64 bytes",
    next: "check webhook.keys; `kubeferry init --webhook` makes a key",
  });
}
