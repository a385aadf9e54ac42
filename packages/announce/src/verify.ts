import { timingSafeEqual } from "node:crypto";
import type { Secret } from "@kubeferry/model";
import { AnnounceError, type AnnounceErrorKind } from "./announce-error.ts";
import { digestOf, keyBytes } from "./sign.ts";

/** Headers as Node gives them, names in lower case. */
export type CallHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A call that came in. */
export interface ReceivedCall {
  readonly headers: CallHeaders;
  /** The bytes as they came, before anything parsed them. */
  readonly body: Uint8Array;
  /** Any of them may have signed. */
  readonly keys: readonly Secret[];
  readonly now: Date;
  /** How far the time of the call may be from `now`, either way. */
  readonly toleranceMs: number;
}

/** No dot: it separates id, time and body under the signature, and each must be told from the next. */
const ID = /^[\w:-]{1,200}$/;
/** Written in one way only: what is signed is the number, and what tells a replay is the text. */
const SECONDS = /^[1-9]\d{0,11}$/;
/** A sender in the middle of a rotation has two. */
const MAX_SIGNATURES = 8;

/**
 * Checks the signature of a call and its time; that it comes only once is for the caller to see, by the id.
 * @throws AnnounceError "unsigned", "forged" (also when there is no key) or "late"
 */
export function checkCall({ headers, body, keys, now, toleranceMs }: ReceivedCall): { readonly id: string } {
  const id = one(headers, "webhook-id");
  const seconds = one(headers, "webhook-timestamp");
  if (!ID.test(id) || !SECONDS.test(seconds)) throw refused("unsigned", "webhook-id or webhook-timestamp is missing");
  const signatures = signaturesIn(one(headers, "webhook-signature"));
  if (signatures.length === 0) throw refused("unsigned", "webhook-signature holds no v1 signature");
  const timestamp = new Date(Number(seconds) * 1000);
  // Before the time: only who holds a key is told what the own clock says.
  if (!keys.some((key) => fits(signatures, digestOf({ id, timestamp, body }, keyBytes(key)))))
    throw refused("forged", "no signature fits a key of webhook.keys");
  if (Math.abs(now.getTime() - timestamp.getTime()) > toleranceMs) {
    const problem = `its time is ${timestamp.toISOString()}, and here it is ${now.toISOString()}`;
    throw refused("late", problem, "compare the clocks of both machines");
  }
  return { id };
}

function one(headers: CallHeaders, name: string): string {
  const value = headers[name];
  // Several of one name are nobody's: which of them was signed?
  return typeof value === "string" ? value : "";
}

function signaturesIn(header: string): readonly Buffer[] {
  const items = header.split(" ").filter((item) => item.startsWith("v1,"));
  return items.slice(0, MAX_SIGNATURES).map((item) => Buffer.from(item.slice("v1,".length), "base64"));
}

function fits(signatures: readonly Buffer[], digest: Buffer): boolean {
  return signatures.some((signature) => signature.length === digest.length && timingSafeEqual(signature, digest));
}

function refused(kind: AnnounceErrorKind, problem: string, next?: string): AnnounceError {
  const operation = "check a backup-complete call";
  return new AnnounceError({ kind, who: "webhook", operation, problem, ...(next === undefined ? {} : { next }) });
}
