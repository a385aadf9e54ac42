import { Buffer } from "node:buffer";

/**
 * The bytes in memory that holds nothing else: for what is kept for a while. Small buffers are cut from blocks of 64 KiB,
 * and each of them keeps its whole block.
 */
export function inOwnMemory(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength === bytes.length) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(own);
  return own;
}
