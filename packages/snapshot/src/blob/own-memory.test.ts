import { Buffer } from "node:buffer";
import { expect, it } from "vitest";
import { compressFrame } from "./compress.ts";
import { inOwnMemory } from "./own-memory.ts";

it("holds the same bytes, and nothing beside them", () => {
  const block = Buffer.from("one two three");
  const own = inOwnMemory(block.subarray(4, 7));
  expect(own.toString()).toBe("two");
  expect(own.buffer.byteLength).toBe(3);
  block.fill(0);
  expect(own.toString()).toBe("two");
});

it("copies nothing that lies alone already", () => {
  const alone = Buffer.allocUnsafeSlow(10).fill(1);
  expect(inOwnMemory(alone)).toBe(alone);
});

it("is where frames lie, which wait for the end of a run", async () => {
  for (const size of [0, 100, 300_000]) {
    const frame = await compressFrame(Buffer.alloc(size, "a"));
    expect(frame.buffer.byteLength).toBe(frame.length);
  }
});
