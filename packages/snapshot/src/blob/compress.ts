import type { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { parseZstdFrame } from "./zstd-frame.ts";

const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);

/** Zstandard's own default; above it this kind of JSON gains little and costs much. */
const LEVEL = 3;

/**
 * One Zstandard frame: content size in the header, checksum at the end (without it most flipped bits would open to
 * wrong bytes in silence). Equal bytes give equal frames under one zstd library.
 */
export function compressFrame(raw: Buffer): Promise<Buffer> {
  return compressAsync(raw, {
    params: {
      [constants.ZSTD_c_compressionLevel]: LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
      [constants.ZSTD_c_contentSizeFlag]: 1,
    },
    pledgedSrcSize: raw.length,
  });
}

/**
 * Opens a file that must be exactly one frame.
 * @param maxRawBytes the most it may open to; more is refused before it is opened
 * @throws Error saying what is wrong with the bytes
 */
export async function openFrame(stored: Buffer, maxRawBytes: number): Promise<Buffer> {
  const frame = parseZstdFrame(stored);
  if (frame === undefined) throw new Error("is not a whole zstd frame");
  if (frame.lengthBytes !== stored.length) {
    throw new Error(`has ${stored.length - frame.lengthBytes} bytes behind its zstd frame`);
  }
  if (!frame.checksum) throw new Error("is a zstd frame without a checksum");
  if (frame.contentBytes === undefined) throw new Error("is a zstd frame that does not say its content's size");
  if (frame.contentBytes > maxRawBytes) {
    throw new Error(`would open to ${frame.contentBytes} bytes, more than the ${maxRawBytes} allowed`);
  }
  const raw = await decompressAsync(stored, {
    maxOutputLength: Math.max(1, frame.contentBytes),
    chunkSize: Math.max(MIN_CHUNK_BYTES, frame.contentBytes),
  });
  if (raw.length !== frame.contentBytes) throw new Error("opens to another size than its header says");
  return raw;
}

const MIN_CHUNK_BYTES = 64;
