import type { Buffer } from "node:buffer";
import { compareUtf8 } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypeEntry } from "../manifest.ts";
import { openSeries } from "../series.ts";
import type { CapturedObject, MovedObjects, ObjectVersion, SnapshotWriter, TypeSummary } from "../snapshots.ts";
import { configMaps, listed, object, viewOf } from "../testing/cluster.ts";
import { freshPair } from "../testing/keys.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { recorded } from "../testing/recording.ts";
import { DOCUMENTS, detailsOf, type RunOptions } from "../testing/runs.ts";
import { call } from "../testing/stores.ts";
import { createSnapshotWriter } from "./writer.ts";

const ENDING = () => ({ revision: "900", consistent: true });
/** Small enough for many cuts of small objects; no cut holds more than four times that. */
const SEGMENT_BYTES = 1_000;

describe("a type by the versions of its objects, of which some moved", () => {
  it("gives the very manifest entry that adding all objects gives", async () => {
    const sizes = fc.array(fc.oneof(fc.nat(300), fc.nat(4_500)), { minLength: 1, maxLength: 60 });
    const change = fc.record({ at: fc.nat(60), to: fc.constantFrom("moved", "gone", "new"), size: fc.nat(4_500) });
    const changes = fc.array(change, { minLength: 1, maxLength: 4 });
    let written = 0;
    await fc.assert(
      fc.asyncProperty(sizes, changes, async (before, made) => {
        const { files, store, objects } = await withParent(before.map((size, at) => sized(at, "1", size)));
        const after = changed(objects, made);
        const byVersions = await nextWriter(store);
        const summary = await byVersions.nameAgain(configMaps, versionsOf(after), ENDING, from(after));
        const whole = await nextWriter(memoryStore(new Map(files)));
        const wanted = await whole.addType(configMaps, listed(after), ENDING, call);
        if (summary === undefined) return;
        written++;
        expect(counted(summary)).toEqual(counted(wanted));
        expect(await entryOf(byVersions)).toEqual(await entryOf(whole));
      }),
      { numRuns: 200 },
    );
    // The others may have been listed whole: so few objects that nearly all of them moved.
    expect(written).toBeGreaterThan(150);
  });

  it("finds the credentials that adding all objects finds, in what moved and beside it", async () => {
    const size = fc.nat(300);
    const sizes = fc.array(fc.record({ size, holds: fc.boolean() }), { minLength: 10, maxLength: 60 });
    const moves = fc.array(fc.record({ at: fc.nat(60), size, holds: fc.boolean() }), { minLength: 1, maxLength: 4 });
    let found = 0;
    await fc.assert(
      fc.asyncProperty(sizes, moves, async (before, made) => {
        const { files, store, objects } = await withParent(before.map((one, at) => maybeHolding(at, "1", one)));
        const after = [...objects];
        for (const move of made) after[move.at % after.length] = maybeHolding(move.at % after.length, "2", move);
        const byVersions = await nextWriter(store);
        const summary = await byVersions.nameAgain(configMaps, versionsOf(after), ENDING, from(after));
        const whole = await nextWriter(memoryStore(new Map(files)));
        const wanted = await whole.addType(configMaps, listed(after), ENDING, call);
        expect(summary?.found).toEqual(wanted.found);
        found += wanted.found.length;
        expect(await entryOf(byVersions)).toEqual(await entryOf(whole));
      }),
      { numRuns: 50 },
    );
    expect(found).toBeGreaterThan(50);
  });

  it("reads back only the cuts in which something moved, and asks only for what did", async () => {
    const { store, objects } = await withParent(Array.from({ length: 60 }, (_, at) => sized(at, "1", 300)));
    const after = objects.map((each, at) => (at === 30 ? sized(at, "2", 300) : each));
    const watched = recorded(store);
    const writer = await nextWriter(watched.store);
    const asked: ObjectVersion[] = [];
    const summary = await writer.nameAgain(configMaps, versionsOf(after), ENDING, from(after, asked));
    expect(asked.map(({ key }) => key)).toEqual([keyAt(30)]);
    expect(summary?.segmentsReused).toBeGreaterThan(10);
    expect(watched.requests.filter((one) => one.startsWith("get") && one.includes("/segments/"))).toHaveLength(1);
  });

  it("asks for nothing before the list has ended, whose turn others may wait for", async () => {
    const { store, objects } = await withParent(Array.from({ length: 20 }, (_, at) => sized(at, "1", 300)));
    const after = objects.map((each, at) => (at === 0 ? sized(at, "2", 300) : each));
    const happened: string[] = [];
    async function* versions() {
      yield* versionsOf(after);
      happened.push("ended");
    }
    const { fetch } = from(after);
    const noted = { call, fetch: (version: ObjectVersion) => fetch(version).finally(() => happened.push("fetched")) };
    await (await nextWriter(store)).nameAgain(configMaps, versions(), ENDING, noted);
    expect(happened).toEqual(["ended", "fetched"]);
  });

  it("lets a cut end where it did only if what follows still does not fit", async () => {
    // Nothing but the large one keeps the first two apart from what follows.
    const small = [0, 1].map((at) => object(configMaps, keyAt(at), "1", "x"));
    const large = object(configMaps, keyAt(2), "1", "x".repeat(4 * SEGMENT_BYTES));
    const { files, store, objects } = await withParent([...small, large]);
    expect((await openSeries(store, "default").newest(call))?.manifest.types[0]?.segments).toHaveLength(2);
    for (const after of [[...small, object(configMaps, keyAt(2), "2", "y")], small]) {
      const byVersions = await nextWriter(memoryStore(new Map(files)));
      await byVersions.nameAgain(configMaps, versionsOf(after), ENDING, from(after));
      const whole = await nextWriter(memoryStore(new Map(files)));
      await whole.addType(configMaps, listed(after), ENDING, call);
      expect(await entryOf(byVersions)).toEqual(await entryOf(whole));
    }
    expect(objects).toHaveLength(3);
  });

  it.each([
    ["more than a few of a few", 20, 10],
    ["more than a sixteenth of many", 320, 40],
  ])("asks for nothing where %s objects moved", async (_, count, moves) => {
    const { store, objects } = await withParent(Array.from({ length: count }, (_, at) => sized(at, "1", 100)));
    const after = objects.map((each, at) => (at % Math.floor(count / moves) === 0 ? sized(at, "2", 100) : each));
    const asked: ObjectVersion[] = [];
    const writer = await nextWriter(store);
    expect(await writer.nameAgain(configMaps, versionsOf(after), ENDING, from(after, asked))).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each(["segments", "state"])("is listed whole where the parent's %s cannot be read", async (folder) => {
    const { files, store, objects } = await withParent([sized(0, "1", 100), sized(1, "1", 100)]);
    for (const [key, bytes] of files) if (key.includes(`/${folder}/`)) files.set(key, bytes.subarray(1));
    const after = objects.map((each, at) => (at === 0 ? sized(at, "2", 100) : each));
    const writer = await nextWriter(store);
    expect(await writer.nameAgain(configMaps, versionsOf(after), ENDING, from(after))).toBeUndefined();
    expect((await writer.addType(configMaps, listed(after), ENDING, call)).objects).toBe(2);
  });

  it("is listed whole where what moved lies beside something encrypted", async () => {
    const { sealing } = await freshPair();
    const found = object(configMaps, keyAt(0), "1", `AGE-SECRET-KEY-1${"A".repeat(58)}`);
    const { store, objects } = await withParent([found, sized(1, "1", 10)], { sealing });
    const after = objects.map((each, at) => (at === 1 ? sized(at, "2", 10) : each));
    const writer = await nextWriter(store, { sealing });
    expect(await writer.nameAgain(configMaps, versionsOf(after), ENDING, from(after))).toBeUndefined();
  });

  it("leaves nothing behind where an object cannot be had any more", async () => {
    const { store, objects } = await withParent([sized(0, "1", 100), sized(1, "1", 100)]);
    const after = objects.map((each, at) => (at === 0 ? sized(at, "2", 100) : each));
    const writer = await nextWriter(store);
    const fetch = () => Promise.reject(new Error("it moved on"));
    await expect(writer.nameAgain(configMaps, versionsOf(after), ENDING, { fetch, call })).rejects.toThrow("moved on");
    expect((await writer.addType(configMaps, listed(after), ENDING, call)).objects).toBe(2);
  });
});

function keyAt(at: number): string {
  return `shop/m${String(at).padStart(4, "0")}`;
}

function sized(at: number, version: string, size: number): CapturedObject {
  return object(configMaps, keyAt(at), version, "x".repeat(size));
}

/** One that may look like it holds a credential. */
function maybeHolding(at: number, version: string, of: { readonly size: number; readonly holds: boolean }) {
  const body = of.holds ? `AGE-SECRET-KEY-1${"A".repeat(58)}` : "x".repeat(of.size);
  return object(configMaps, keyAt(at), version, body);
}

interface Change {
  readonly at: number;
  readonly to: "moved" | "gone" | "new";
  readonly size: number;
}

function changed(objects: readonly CapturedObject[], changes: readonly Change[]): readonly CapturedObject[] {
  const after = new Map(objects.map((each) => [each.key, each]));
  for (const { at, to, size } of changes) {
    const chosen = objects[at % objects.length]?.key ?? "";
    const key = to === "new" ? `${chosen}-new` : chosen;
    const next = object(configMaps, key, "2", "y".repeat(size));
    if (to === "gone") after.delete(next.key);
    else after.set(next.key, next);
  }
  return [...after.values()].sort((left, right) => compareUtf8(left.key, right.key));
}

/** A store with one snapshot of these objects. */
async function withParent(objects: readonly CapturedObject[], options: RunOptions = {}) {
  const files = new Map<string, Buffer>();
  const store = memoryStore(files);
  const writer = await nextWriter(store, options);
  await writer.addType(configMaps, listed(objects), ENDING, call);
  await writer.commit(detailsOf(), call);
  return { files, store, objects };
}

async function nextWriter(store: ObjectStore, { sealing }: RunOptions = {}): Promise<SnapshotWriter> {
  const parent = await openSeries(store, "default").newest(call);
  const view = viewOf("view-1");
  const shared = { store, series: "default", parent, view, capture: "capture-1", uploads: 1 };
  const writer = createSnapshotWriter({ ...shared, sealing, segmentBytes: SEGMENT_BYTES });
  await writer.setApi("api-1", async () => DOCUMENTS, call);
  return writer;
}

async function* versionsOf(objects: readonly CapturedObject[]): AsyncIterable<ObjectVersion> {
  for (const { key, uid, resourceVersion } of objects) yield { key, uid, resourceVersion };
}

/** Gives what is asked for. @param asked gets it */
function from(objects: readonly CapturedObject[], asked: ObjectVersion[] = []): MovedObjects {
  return {
    call,
    async fetch(version) {
      asked.push(version);
      const found = objects.find(({ key }) => key === version.key);
      if (found === undefined) throw new Error(`nobody has ${version.key}`);
      return found;
    },
  };
}

function counted({ objects, segmentsWritten, segmentsReused, invalid }: TypeSummary) {
  return { objects, segmentsWritten, segmentsReused, invalid };
}

async function entryOf(writer: SnapshotWriter): Promise<TypeEntry | undefined> {
  return (await writer.commit(detailsOf(), call)).manifest.types[0];
}
