import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepSegments } from "./keep-segments.ts";
import type { SegmentRef } from "./manifest.ts";
import { openSeries } from "./series.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot } from "./snapshots.ts";
import { configMaps, deployments, object, secrets } from "./testing/cluster.ts";
import { memoryStore } from "./testing/memory-store.ts";
import { recorded } from "./testing/recording.ts";
import { contentOf, takeSnapshot } from "./testing/runs.ts";
import { call } from "./testing/stores.ts";
import { verifySnapshot } from "./verify/verify-snapshot.ts";

const ROOMY = 1024 * 1024;

/** Three segments, each of one type. */
async function threeSegments() {
  const store = memoryStore(new Map());
  await takeSnapshot(
    store,
    [configMaps, secrets, deployments].map((type, index) => ({
      type,
      objects: ["a", "b", "c"].map((name) => object(type, `shop/${name}`, "1", "x".repeat(100 * (index + 1)))),
    })),
    { secrets: "plain" },
  );
  const watched = recorded(store);
  const snapshot = await openSeries(watched.store, "default").at(1, call);
  const segments = snapshot.manifest.types.flatMap((type) => type.segments);
  const readings = () => watched.requests.filter((one) => one.startsWith("get") && one.includes("/segments/")).length;
  return { snapshot, store, segments, readings };
}

describe("a snapshot whose segments are kept", () => {
  it("reads each of them once for all who ask, and parses each line once", async () => {
    const { snapshot, store, readings } = await threeSegments();
    const kept = keepSegments(snapshot, ROOMY);
    const [, first] = await Promise.all([verifySnapshot(kept, store, call), valuesOf(kept)]);
    const second = await valuesOf(kept);
    expect([first.length, readings()]).toEqual([9, 3]);
    expect(first.every((value, index) => value === second[index])).toBe(true);
  });

  it("lets go of what nobody came for longest, and reads it again", async () => {
    const { snapshot, segments, readings } = await threeSegments();
    const [a, b, c] = segments as [SegmentRef, SegmentRef, SegmentRef];
    const kept = keepSegments(snapshot, a.rawBytes + b.rawBytes + c.rawBytes - 1);
    const counts: number[] = [];
    for (const segment of [a, b, a, c, a, b]) {
      await kept.segmentObjects(segment, call);
      counts.push(readings());
    }
    expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
  });

  it("does not keep one that is larger than all that may be kept, nor drops others for it", async () => {
    const { snapshot, segments, readings } = await threeSegments();
    const [small, , large] = [...segments].sort((left, right) => left.rawBytes - right.rawBytes);
    const kept = keepSegments(snapshot, (large?.rawBytes ?? 0) - 1);
    for (const segment of [small, large, large, small]) await kept.segmentObjects(segment as SegmentRef, call);
    expect(readings()).toBe(3);
  });

  it("reads again what could not be read", async () => {
    const { snapshot, segments } = await threeSegments();
    let tries = 0;
    const failing: Snapshot = {
      ...snapshot,
      segmentObjects: async (segment) => {
        if (tries++ === 0)
          throw new SnapshotError({ kind: "damaged", who: "test", operation: "read", problem: "once" });
        return snapshot.segmentObjects(segment, call);
      },
    };
    const kept = keepSegments(failing, ROOMY);
    await expect(kept.segmentObjects(segments[0] as SegmentRef, call)).rejects.toThrow("once");
    await expect(kept.segmentObjects(segments[0] as SegmentRef, call)).resolves.toHaveLength(3);
  });

  it("tells what the snapshot itself tells, whatever may be kept and whoever reads", async () => {
    const { snapshot, store } = await threeSegments();
    const expected = [await contentOf(snapshot), await verifySnapshot(snapshot, store, call)];
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 1, max: 3 }), async (bytes, readers) => {
        const kept = keepSegments(snapshot, bytes);
        const told = Array.from({ length: readers }, () =>
          Promise.all([contentOf(kept), verifySnapshot(kept, store, call)]),
        );
        for (const one of await Promise.all(told)) expect(one).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

/** What the lines of a snapshot were parsed to. */
async function valuesOf(snapshot: Snapshot): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const one of snapshot.objects(() => true, call)) if (one.readable) values.push(one.parsed?.());
  return values;
}
