import { createHash } from "node:crypto";

/** Git's id of a file's content, in repositories of SHA-1, which are the only ones that are made here. */
export function blobId(content: Uint8Array): string {
  return createHash("sha1").update(`blob ${content.byteLength}\0`).update(content).digest("hex");
}
