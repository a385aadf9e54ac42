import { Buffer } from "node:buffer";
import { constants, zstdCompressSync } from "node:zlib";
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
