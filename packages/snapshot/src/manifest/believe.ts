import type { Buffer } from "node:buffer";
import { damaged } from "../blob/read-blob.ts";
import { sequenceOf } from "../keys.ts";
import { parseSignatureLine, signatureProblem, type Trust } from "../protection/signature.ts";
import { SnapshotError } from "../snapshot-error.ts";

/** What is known of who wrote a manifest. */
export type SignatureState =
  | { readonly state: "unsigned" }
  /** There is one, and no key to check it with. */
  | { readonly state: "unchecked"; readonly key: string }
  | { readonly state: "verified"; readonly key: string };

/** A manifest's own line, with what its signature says. */
export interface BelievedManifest {
  /** Its JSON, line feed included. */
  readonly line: Buffer;
  readonly signature: SignatureState;
}

const LINE_FEED = 0x0a;

/**
 * Takes the bytes of a manifest apart and checks who signed them, before anything in them is parsed.
 * @param trust undefined: signatures are not looked at
 * @throws SnapshotError "untrusted"; "damaged" for bytes behind the manifest that are no signature
 */
export function believe(bytes: Buffer, series: string, key: string, trust: Trust | undefined): BelievedManifest {
  const end = bytes.indexOf(LINE_FEED) + 1;
  if (end === 0 || end === bytes.length) return { line: bytes, signature: unsigned(series, key, trust) };
  const line = bytes.subarray(0, end);
  const signature = parseSignatureLine(bytes.subarray(end));
  if (signature === undefined) throw damaged(key, "what follows its first line is no signature");
  if (trust === undefined) return { line, signature: { state: "unchecked", key: signature.key } };
  const problem = signatureProblem(line, signature, trust);
  if (problem === undefined) return { line, signature: { state: "verified", key: signature.key } };
  throw untrusted(key, problem, "nothing in it is to be believed: find out who wrote it before you remove it");
}

function unsigned(series: string, key: string, trust: Trust | undefined): SignatureState {
  const sequence = sequenceOf(series, key) ?? Number.POSITIVE_INFINITY;
  if (trust === undefined || sequence <= trust.unsignedUntil) return { state: "unsigned" };
  const next = `if it was taken before signing was switched on, set signing.unsignedUntil: ${sequence}; otherwise somebody else wrote it`;
  throw untrusted(key, "it is not signed, and signing.key or signing.trusted is set", next);
}

/** An error for a manifest whose writer is not believed. */
export function untrusted(key: string, problem: string, next: string): SnapshotError {
  return new SnapshotError({ kind: "untrusted", who: "snapshot", operation: `read ${key}`, key, problem, next });
}
