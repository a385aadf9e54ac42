import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressFrame, compressPieces, openFrame, pack, unpack } from "./compress.ts";
import { parseZstdFrame } from "./zstd-frame.ts";

describe("parseZstdFrame", () => {
  it("finds the end of every frame that zlib writes, whatever its size", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.integer({ min: 1, max: 200 }), async (piece, times) => {
        const raw = Buffer.concat(Array.from({ length: times }, () => piece));
        const frame = await compressFrame(raw);
        expect(parseZstdFrame(frame)).toEqual({ lengthBytes: frame.length, contentBytes: raw.length, checksum: true });
        expect(await openFrame(frame, raw.length)).toEqual(raw);
      }),
      { numRuns: 200 },
    );
  });

  it("finds the end of frames without content size, of several blocks and of stored ones", () => {
    const noise = Buffer.from(
      Array.from({ length: 400_000 }, (_, index) => (Math.imul(index, 2654435761) >>> 24) & 255),
    );
    for (const level of [1, 19]) {
      const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_contentSizeFlag]: 0 };
      const frame = zstdCompressSync(noise, { params });
      const behind = Buffer.concat([frame, Buffer.from("anything")]);
      expect(parseZstdFrame(behind)).toEqual({ lengthBytes: frame.length, contentBytes: undefined, checksum: false });
    }
  });
});

/** Around the size from which another thread does the work, and far from it. */
const SIZES = [0, 1, 20_000, 65_535, 65_536, 65_537, 300_000];

function bytesOf(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (Math.imul(index, 2654435761) >>> 27) & 255));
}

describe("compressFrame", () => {
  it("gives one frame for bytes of any size, whichever thread does the work", async () => {
    const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_c_contentSizeFlag } = constants;
    const params = { [ZSTD_c_compressionLevel]: 3, [ZSTD_c_checksumFlag]: 1, [ZSTD_c_contentSizeFlag]: 1 };
    for (const size of SIZES) {
      const raw = bytesOf(size);
      const frame = await compressFrame(raw);
      expect(frame.equals(zstdCompressSync(raw, { params, pledgedSrcSize: size }))).toBe(true);
      expect(frame.equals(await promisify(zstdCompress)(raw, { params, pledgedSrcSize: size }))).toBe(true);
    }
  });
});

describe("compressPieces", () => {
  it("makes one frame of all pieces, however many and large they are", async () => {
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.nat(300_000)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, async (lengths) => {
        const pieces = lengths.map((length, index) => Buffer.alloc(length, `{"piece":${index}}`));
        const raw = Buffer.concat(pieces);
        const frame = await compressPieces(oneByOne(pieces), raw.length);
        expect(await openFrame(frame, raw.length)).toEqual(raw);
        expect(await compressPieces(oneByOne(pieces), raw.length)).toEqual(frame);
      }),
      { numRuns: 100 },
    );
  });

  it("fails for pieces of another size than was said, and with what pieces fail with", async () => {
    for (const rawBytes of [2, 4]) {
      await expect(compressPieces(oneByOne([Buffer.from("abc")]), rawBytes)).rejects.toThrow();
    }
    await expect(compressPieces(broken(), 100)).rejects.toThrow("nothing more to read");
  });
});

describe("pack", () => {
  it("gives bytes that unpack makes out of it again", async () => {
    for (const raw of [Buffer.alloc(0), Buffer.from("{}"), Buffer.alloc(400_000, "a")]) {
      expect(await unpack(await pack(raw))).toEqual(raw);
    }
  });
});

async function* oneByOne(pieces: readonly Buffer[]): AsyncIterable<Buffer> {
  yield* pieces;
}

async function* broken(): AsyncIterable<Buffer> {
  yield Buffer.from("some");
  throw new Error("nothing more to read");
}

describe("openFrame", () => {
  it("refuses a second frame, trailing bytes and missing bytes, which zlib itself lets pass or half pass", async () => {
    const frame = await compressFrame(Buffer.from("one object\n"));
    await expect(openFrame(Buffer.concat([frame, frame]), 1000)).rejects.toThrow(
      `has ${frame.length} bytes behind its zstd frame`,
    );
    await expect(openFrame(Buffer.concat([frame, Buffer.from("x")]), 1000)).rejects.toThrow("has 1 bytes behind");
    for (let length = 0; length < frame.length; length++) {
      await expect(openFrame(frame.subarray(0, length), 1000)).rejects.toThrow("is not a whole zstd frame");
    }
  });

  it("never opens to other bytes after a bit was flipped", async () => {
    const raw = Buffer.from('{"kind":"ConfigMap","metadata":{"name":"a","namespace":"shop"}}\n'.repeat(3));
    const frame = await compressFrame(raw);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const flipped = Buffer.from(frame);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const opened = await openFrame(flipped, raw.length).catch(() => undefined);
      if (opened !== undefined) expect(opened).toEqual(raw);
    }
  });

  it("refuses a frame of any size whose bytes are others than were compressed", async () => {
    for (const size of SIZES.filter((each) => each > 0)) {
      const frame = await compressFrame(bytesOf(size));
      expect((await openFrame(frame, size)).equals(bytesOf(size))).toBe(true);
      frame.writeUInt8(frame.readUInt8(frame.length - 1) ^ 1, frame.length - 1);
      await expect(openFrame(frame, size)).rejects.toThrow();
    }
  });

  it("refuses to open more than was allowed, before it opens anything", async () => {
    const frame = await compressFrame(Buffer.alloc(1_000_000, "a"));
    await expect(openFrame(frame, 999_999)).rejects.toThrow(
      "would open to 1000000 bytes, more than the 999999 allowed",
    );
  });

  it("refuses a frame without a checksum", async () => {
    await expect(openFrame(zstdCompressSync(Buffer.from("one object\n")), 1000)).rejects.toThrow("without a checksum");
  });
});
