import { Buffer } from "node:buffer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGatherer, type GatheredBytes } from "./gathered-bytes.ts";

const ROOM = 64;

describe("a gatherer", () => {
  it("gives back what each gathered, however many gather at a time, in memory that served others", () => {
    const parts = fc.array(fc.oneof(fc.uint8Array({ maxLength: 3 * ROOM }), fc.string({ unit: "binary-ascii" })));
    const turns = fc.array(fc.tuple(fc.nat({ max: 3 }), parts, fc.boolean()), { maxLength: 20 });
    fc.assert(
      fc.property(turns, (steps) => {
        const gatherer = createGatherer(ROOM);
        const under = Array.from({ length: 4 }, () => ({ gathered: gatherer.begin(), wanted: Buffer.alloc(0) }));
        for (const [index, added, ends] of steps) {
          const one = under[index];
          if (one === undefined) continue;
          for (const part of added) addTo(one.gathered, part);
          one.wanted = Buffer.concat([one.wanted, ...added.map(bytesOf)]);
          for (const { gathered, wanted } of under) expect(allOf(gathered)).toEqual(wanted);
          if (!ends) continue;
          one.gathered.clear();
          one.wanted = Buffer.alloc(0);
          expect(one.gathered.length).toBe(0);
        }
      }),
    );
  });

  it("takes the same memory again, and lets go of what was larger than its room", () => {
    const gatherer = createGatherer(ROOM);
    const [one, other] = [gatherer.begin(), gatherer.begin()];
    const memories = [one, other, one, one, other].map((gathered, turn) => {
      gathered.add(Buffer.alloc(turn === 3 ? ROOM + 1 : ROOM));
      const { buffer } = allOf(gathered);
      gathered.clear();
      return buffer;
    });
    const [first, ...later] = memories;
    expect(later.map((memory) => memory === first)).toEqual([true, true, false, false]);
    expect(memories.map(({ byteLength }) => byteLength)).toEqual([ROOM, ROOM, ROOM, 2 * ROOM, ROOM]);
  });
});

function addTo(gathered: GatheredBytes, part: Uint8Array | string): void {
  if (typeof part === "string") {
    gathered.addLatin1(part);
    return;
  }
  const lent = Uint8Array.from(part);
  gathered.add(lent);
  lent.fill(0);
}

function bytesOf(part: Uint8Array | string): Buffer {
  return typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part);
}

function allOf(gathered: GatheredBytes): Buffer {
  return gathered.view(0, gathered.length);
}
