import { Buffer } from "node:buffer";
import { hash } from "node:crypto";

/** The bytes of one file of the repository: in the spool, or short enough to be held as text. */
export type Content = SpooledContent | TextContent;

/** Bytes that lie in a spool. */
export interface SpooledContent extends Described {
  readonly kind: "spooled";
  /** Where in the spool they begin. */
  readonly offset: number;
}

/** Bytes held in memory: kustomizations, Applications, lists. */
export interface TextContent extends Described {
  readonly kind: "text";
  readonly text: string;
}

interface Described {
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** Only of a file that stands for the Secret of the same name. */
  readonly secret?: SecretMark;
}

/** What the ownership file says of a file that stands for a Secret: an ExternalSecret, a SealedSecret, a file of sops. */
export interface SecretMark {
  /** Of the Secret and of whom it is encrypted to; absent where equal Secrets give equal bytes anyway. */
  readonly fingerprint?: string;
}

/** Where the bytes of contents lie. */
export interface ContentStore {
  read(content: Content): Promise<Buffer>;
  put(bytes: Buffer): Promise<Content>;
}

/** A text as the content of a file. */
export function textContent(text: string): TextContent {
  return { kind: "text", sha256: sha256Of(text), sizeBytes: Buffer.byteLength(text, "utf8"), text };
}

/** SHA-256 in lower-case hex. */
export function sha256Of(bytes: string | Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
