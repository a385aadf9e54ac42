import type { Buffer } from "node:buffer";

/** What the header of a Zstandard frame says, and where the frame ends. */
export interface ZstdFrame {
  /** From the start of the bytes to the end of the frame, checksum included. */
  readonly lengthBytes: number;
  /** Of the content once opened; undefined when the header does not say. */
  readonly contentBytes: number | undefined;
  readonly checksum: boolean;
}

const MAGIC = 0xfd2fb528;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CHECKSUM_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;

/**
 * Walks one Zstandard frame from header to checksum without opening it. Node's zlib opens the first frame and drops
 * whatever stands behind it without a word, so the one sound way to know that a file is exactly one frame is to follow
 * its block headers.
 * @returns undefined when the bytes do not start with a whole frame
 * @see RFC 8878, section 3.1.1: frame header, data blocks, content checksum
 */
export function parseZstdFrame(bytes: Buffer): ZstdFrame | undefined {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = bytes.readUInt8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const checksum = (descriptor & 0x04) !== 0;
  const sizeAt = 5 + (singleSegment ? 0 : 1) + (DICTIONARY_ID_BYTES[descriptor & 0x03] ?? 0);
  const sizeBytes = contentSizeBytes(descriptor >> 6, singleSegment);
  const blocksEnd = walkBlocks(bytes, sizeAt + sizeBytes);
  if (blocksEnd === undefined) return undefined;
  const lengthBytes = blocksEnd + (checksum ? CHECKSUM_BYTES : 0);
  if (lengthBytes > bytes.length) return undefined;
  return { lengthBytes, contentBytes: readContentSize(bytes, sizeAt, sizeBytes), checksum };
}

function contentSizeBytes(flag: number, singleSegment: boolean): number {
  if (flag === 0) return singleSegment ? 1 : 0;
  return 2 ** flag;
}

function readContentSize(bytes: Buffer, at: number, sizeBytes: number): number | undefined {
  if (sizeBytes === 0) return undefined;
  if (sizeBytes === 1) return bytes.readUInt8(at);
  if (sizeBytes === 2) return bytes.readUInt16LE(at) + 256;
  if (sizeBytes === 4) return bytes.readUInt32LE(at);
  return Number(bytes.readBigUInt64LE(at));
}

/** @returns where the last block ends; undefined when the bytes end before it */
function walkBlocks(bytes: Buffer, start: number): number | undefined {
  let at = start;
  while (at + BLOCK_HEADER_BYTES <= bytes.length) {
    const header = bytes.readUIntLE(at, BLOCK_HEADER_BYTES);
    const type = (header >> 1) & 0x03;
    if (type === 3) return undefined;
    // A run-length block keeps one byte, whatever length it stands for.
    at += BLOCK_HEADER_BYTES + (type === 1 ? 1 : header >> 3);
    if ((header & 1) === 1) return at <= bytes.length ? at : undefined;
  }
  return undefined;
}
