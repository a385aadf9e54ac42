import { objectKey } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { endsSegment } from "./cut.ts";

function segmentsOf(names: readonly string[], itemBytes: number): string[][] {
  const segments: string[][] = [[]];
  for (const name of names) {
    segments.at(-1)?.push(name);
    if (endsSegment(objectKey("shop", name), itemBytes)) segments.push([]);
  }
  return segments.filter((segment) => segment.length > 0);
}

describe("endsSegment", () => {
  it.each([300, 3_000, 100_000])("makes segments of about 1 MiB out of objects of %i bytes", (itemBytes) => {
    const names = Array.from({ length: 60_000 }, (_, index) => `object-${index}`);
    const meanBytes = (names.length * itemBytes) / segmentsOf(names, itemBytes).length;
    expect(meanBytes / 2 ** 20).toBeGreaterThan(0.8);
    expect(meanBytes / 2 ** 20).toBeLessThan(1.25);
  });

  it("leaves every other segment as it was when one object is put in or taken out", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `object-${String(index).padStart(6, "0")}`);
    const before = new Set(segmentsOf(names, 3_000).map((segment) => segment.join()));
    for (const at of [0, 7_777, 19_999]) {
      const more = [...names.slice(0, at), `object-${String(at).padStart(6, "0")}-new`, ...names.slice(at)].sort();
      const less = names.filter((_, index) => index !== at);
      for (const changed of [more, less]) {
        const moved = segmentsOf(changed, 3_000).filter((segment) => !before.has(segment.join()));
        expect(moved.length).toBeLessThanOrEqual(2);
      }
    }
  });
});
