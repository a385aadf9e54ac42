import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGatherer } from "./blob/gathered-bytes.ts";
import { jsonString } from "./json-string.ts";

/** Written behind what another text left there, and into memory that it has outgrown. */
function written(utf8: Buffer): Buffer {
  const gathered = createGatherer(16).begin();
  gathered.addLatin1("earlier");
  return jsonString(utf8, gathered);
}

describe("jsonString", () => {
  it("escapes what JSON.stringify escapes, and nothing else", () => {
    const every = String.fromCharCode(...Array.from({ length: 0x2_100 }, (_, code) => code));
    expect(written(Buffer.from(every, "utf8")).toString("utf8")).toBe(JSON.stringify(every));
  });

  it("writes any bytes as JSON.stringify writes their text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }).map((text) => Buffer.from(text, "utf8")),
          fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        ),
        (bytes) => {
          const text = new TextDecoder().decode(bytes);
          expect(written(bytes)).toEqual(Buffer.from(JSON.stringify(text), "utf8"));
        },
      ),
    );
  });

  it("writes a text that is larger than a slice, whose characters lie across two of them", () => {
    const text = 'aé"€\\𝄞\n'.repeat(20_000);
    expect(written(Buffer.from(text, "utf8"))).toEqual(Buffer.from(JSON.stringify(text), "utf8"));
  });

  it("leaves a byte order mark out", () => {
    expect(written(Buffer.from("\u{feff}{}", "utf8")).toString("utf8")).toBe('"{}"');
  });
});
