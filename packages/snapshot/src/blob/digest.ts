import { hash } from "node:crypto";

/** A SHA-256 as it is written here. */
export const SHA256_HEX = /^[0-9a-f]{64}$/;

/** 64 lower-case hex digits of the SHA-256 of bytes, or of a text's UTF-8. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex");
}
