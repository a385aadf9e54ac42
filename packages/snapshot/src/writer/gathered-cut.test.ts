import { Buffer } from "node:buffer";
import type { ObjectKey } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGatherer } from "../blob/gathered-bytes.ts";
import { joinLines } from "../segment/lines.ts";
import type { CapturedObject } from "../snapshots.ts";
import { createGatheredCut, type GatheredObject } from "./gathered-cut.ts";

const ROOM = 64 * 1024;
/** Some of them as large as the room that is there, and larger. */
const SIZES = fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.constantFrom(65_535, 65_536, 200_000, 5_000_000));

describe("a gathered cut", () => {
  it("gives back what was added to it, cut after cut, whatever its source does with its bytes", () => {
    fc.assert(
      fc.property(fc.array(fc.array(SIZES, { maxLength: 8 }), { maxLength: 4 }), (cuts) => {
        const cut = createGatheredCut(createGatherer(ROOM));
        for (const [round, sizes] of cuts.entries()) {
          const objects = sizes.map((size, index) => objectOf(`${round}-${index}`, size));
          for (const object of objects) {
            const lent = Buffer.from(object.line);
            cut.add({ ...object, line: lent });
            lent.fill(0);
          }
          expect(cut.bytes).toBe(sizes.reduce((sum, size) => sum + size + 1, 0));
          expect(cut.objects().map(told)).toEqual(objects.map(told));
          cut.clear();
          expect(cut.objects()).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same of objects that are added together, whether their lines lie one behind the other or not", () => {
    const sizes = fc.array(SIZES, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sizes, sizes, fc.boolean(), (before, together, lieTogether) => {
        const first = before.map((size, index) => objectOf(`a-${index}`, size));
        const run = together.map((size, index) => objectOf(`b-${index}`, size));
        const [byOne, byRun] = [createGatheredCut(createGatherer(ROOM)), createGatheredCut(createGatherer(ROOM))];
        for (const object of [...first, ...run]) byOne.add(object);
        for (const object of first) byRun.add(object);
        byRun.addRun(lieTogether ? inOneMemory(run) : run, true);
        byRun.add(objectOf("last", 10));
        byOne.add(objectOf("last", 10));
        expect(byRun.bytes).toBe(byOne.bytes);
        const searched = byRun.objects().filter(({ isSearched }) => isSearched === true);
        expect(searched.map(({ key }) => key)).toEqual(run.map(({ key }) => key));
        expect(byRun.objects().map(withoutMark)).toEqual(byOne.objects().map(withoutMark));
        expect(joinLines(byRun.objects().map(({ line }) => line)).equals(joined(byOne.objects()))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("holds its lines as they are stored, so that joining them copies nothing", () => {
    const cut = createGatheredCut(createGatherer(ROOM));
    for (const size of [10, 1, 70_000]) cut.add(objectOf(`${size}`, size));
    const lines = cut.objects().map(({ line }) => line);
    const joined = joinLines(lines);
    expect(joined.buffer).toBe(lines[0]?.buffer);
    expect(joined.toString()).toBe(lines.map((line) => `${line.toString()}\n`).join(""));
  });
});

describe("joined lines", () => {
  it("are the same bytes wherever their lines lie", () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((chosen) => chosen.map((byte) => (byte % 4 === 0 ? 10 : byte)));
    const borders = fc.array(fc.nat({ max: 60 }), { maxLength: 6 });
    fc.assert(
      fc.property(bytes, borders, (memory, ends) => {
        const starts = [0, ...ends.map((end) => end + 1)];
        const lines = ends.map((end, index) => Buffer.from(memory.buffer).subarray(starts[index], end));
        const copied = lines.map((line) => `${line.toString("latin1")}\n`).join("");
        expect(joinLines(lines).toString("latin1")).toBe(copied);
      }),
    );
  });
});

function objectOf(name: string, size: number): CapturedObject {
  return { key: name as ObjectKey, uid: `u-${name}`, resourceVersion: "1", line: Buffer.alloc(size, name) };
}

function inOneMemory(objects: readonly CapturedObject[]): CapturedObject[] {
  const memory = joined(objects);
  let end = -1;
  return objects.map((object) => {
    const start = end + 1;
    end = start + object.line.length;
    return { ...object, line: memory.subarray(start, end) };
  });
}

function joined(objects: readonly CapturedObject[]): Buffer {
  return Buffer.concat(objects.flatMap(({ line }) => [line, Buffer.from("\n")]));
}

function withoutMark({ isSearched: _, ...object }: GatheredObject): object {
  return told(object);
}

/** Digests are compared sooner than megabytes. */
function told({ line, ...version }: CapturedObject): object {
  return {
    ...version,
    size: line.length,
    head: line.toString("utf8", 0, 40),
    tail: line.toString("utf8", line.length - 40),
  };
}
