import type { Buffer } from "node:buffer";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import {
  constants,
  createZstdCompress,
  type ZstdCompress,
  zstdCompress,
  zstdCompressSync,
  zstdDecompress,
  zstdDecompressSync,
} from "node:zlib";
import { inOwnMemory } from "./own-memory.ts";
import { parseZstdFrame } from "./zstd-frame.ts";

const compressAsync = promisify(zstdCompress);
const decompressAsync = promisify(zstdDecompress);

/** Zstandard's own default; above it this kind of JSON gains little and costs much. */
const LEVEL = 3;
const PARAMS = {
  [constants.ZSTD_c_compressionLevel]: LEVEL,
  [constants.ZSTD_c_checksumFlag]: 1,
  [constants.ZSTD_c_contentSizeFlag]: 1,
};

/**
 * What is smaller, opened, is compressed and opened in this thread: the way to another one and back takes longer than the
 * work, and costs this one more.
 */
const SMALL_BYTES = 64 * 1024;

/**
 * One Zstandard frame: content size in the header, checksum at the end (without it most flipped bits would open to
 * wrong bytes in silence). Equal bytes give equal frames under one zstd library.
 */
export async function compressFrame(raw: Buffer): Promise<Buffer> {
  const options = { params: PARAMS, pledgedSrcSize: raw.length };
  return inOwnMemory(raw.length < SMALL_BYTES ? zstdCompressSync(raw, options) : await compressAsync(raw, options));
}

/**
 * The same of bytes that come in pieces, so that nobody has to hold all of them. Equal pieces give equal frames; the same
 * bytes in other pieces may give another one.
 * @param rawBytes of all pieces
 * @throws what `pieces` throws; Error when they have another size
 */
export async function compressPieces(pieces: AsyncIterable<Buffer>, rawBytes: number): Promise<Buffer> {
  const compressor = createZstdCompress({ params: PARAMS, pledgedSrcSize: rawBytes });
  const frame = buffer(compressor);
  try {
    // After an error nothing is written any more, and nobody is told.
    for await (const piece of pieces) await Promise.race([written(compressor, piece), frame]);
    // Not along with the last bytes: zlib would end the frame, and then another one that is empty.
    compressor.end();
  } catch (error) {
    compressor.destroy(error as Error);
  }
  return frame;
}

function written(compressor: ZstdCompress, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    compressor.write(piece, () => resolve());
  });
}

/** Bytes that wait in memory, compressed. */
export interface Packed {
  /** As `compressFrame` gives it. */
  readonly frame: Buffer;
  readonly rawBytes: number;
}

/** Packs bytes that are not needed for a while. */
export async function pack(raw: Buffer): Promise<Packed> {
  return { frame: await compressFrame(raw), rawBytes: raw.length };
}

/** The bytes as they were. */
export function unpack({ frame, rawBytes }: Packed): Promise<Buffer> {
  return openFrame(frame, rawBytes);
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
  const options = {
    maxOutputLength: Math.max(1, frame.contentBytes),
    // With room to spare: a buffer that is filled to its end is followed by a second one of the same size.
    chunkSize: frame.contentBytes + MIN_CHUNK_BYTES,
  };
  const isSmall = Math.max(stored.length, frame.contentBytes) < SMALL_BYTES;
  const raw = isSmall ? zstdDecompressSync(stored, options) : await decompressAsync(stored, options);
  if (raw.length !== frame.contentBytes) throw new Error("opens to another size than its header says");
  return raw;
}

const MIN_CHUNK_BYTES = 64;
