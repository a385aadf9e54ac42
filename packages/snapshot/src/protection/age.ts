import { Buffer } from "node:buffer";
import type { Secret } from "@kubeferry/model";
import { sha256Hex } from "../blob/digest.ts";
import type { SealedTo } from "../manifest.ts";
import { SnapshotError } from "../snapshot-error.ts";

/** Encrypts the bytes of segments to a fixed set of recipients. */
export interface Sealer {
  readonly to: SealedTo;
  /** @returns an age file around the bytes; another one each time */
  seal(bytes: Buffer): Promise<Buffer>;
}

/** Opens what was encrypted to one of its identities. */
export interface Opener {
  /** True when one of the identities belongs to one of these recipients. */
  opens(to: SealedTo): boolean;
  /** @throws Error when the bytes are no age file, were changed, or are for somebody else */
  open(bytes: Buffer): Promise<Buffer>;
}

/** Opens nothing: a reader without identities. */
export const NO_OPENER: Opener = {
  opens: () => false,
  open: () => Promise.reject(new Error("is encrypted, and there is no identity")),
};

const FINGERPRINT_DIGITS = 16;

/** What stands for a recipient in manifests and messages: 16 hex digits of the SHA-256 of its text. */
function recipientFingerprint(recipient: string): string {
  return sha256Hex(recipient).slice(0, FINGERPRINT_DIGITS);
}

/**
 * @param recipients age recipients, "age1…"; public
 * @throws SnapshotError "invalid" for one that is not
 */
export async function createSealer(recipients: readonly string[]): Promise<Sealer> {
  const { Encrypter } = await import("age-encryption");
  const encrypter = new Encrypter();
  for (const [index, recipient] of recipients.entries()) {
    try {
      encrypter.addRecipient(recipient);
    } catch {
      throw invalidKey(
        `encryption.recipients.${index}`,
        "it is not an age recipient",
        "write what `age-keygen -y` prints",
      );
    }
  }
  return {
    to: { recipients: [...new Set(recipients.map(recipientFingerprint))].sort() },
    seal: async (bytes) => Buffer.from(await encrypter.encrypt(bytes)),
  };
}

/**
 * @param identities age identities, "AGE-SECRET-KEY-1…", or whole files of `age-keygen` with their comments
 * @throws SnapshotError "invalid" for one that is not, by its place and never with its text
 */
export async function createOpener(identities: readonly Secret[]): Promise<Opener> {
  const { Decrypter, identityToRecipient } = await import("age-encryption");
  const decrypter = new Decrypter();
  const own = new Set<string>();
  for (const [index, identity] of identities.entries()) {
    try {
      for (const text of identityLines(identity)) {
        decrypter.addIdentity(text);
        own.add(recipientFingerprint(await identityToRecipient(text)));
      }
    } catch {
      throw invalidKey(`encryption.identities.${index}`, "it is not an age identity", "write what `age-keygen` makes");
    }
  }
  return {
    opens: ({ recipients }) => recipients.some((recipient) => own.has(recipient)),
    open: async (bytes) => Buffer.from(await decrypter.decrypt(bytes)),
  };
}

/** A file that holds nothing but comments gives one line that is no identity. */
function identityLines(identity: Secret): string[] {
  const lines = identity
    .reveal()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const found = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return found.length === 0 ? [""] : found;
}

/** The library's own message is dropped: it may quote the key. */
function invalidKey(key: string, problem: string, next: string): SnapshotError {
  return new SnapshotError({ kind: "invalid", who: "snapshot", operation: `read ${key}`, problem, next });
}
