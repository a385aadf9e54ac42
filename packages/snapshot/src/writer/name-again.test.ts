import type { Buffer } from "node:buffer";
import type { ObjectStore } from "@kubeferry/object-store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypeEntry } from "../manifest.ts";
import { openSeries } from "../series.ts";
import { type CapturedObject, NO_MIRROR, type ObjectVersion, type SnapshotWriter } from "../snapshots.ts";
import { configMaps, object, secrets, viewOf } from "../testing/cluster.ts";
import { freshPair } from "../testing/keys.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { DOCUMENTS, detailsOf, type RunOptions, takeSnapshot } from "../testing/runs.ts";
import { call } from "../testing/stores.ts";
import { createSnapshotWriter } from "./writer.ts";

const ENDING = () => ({ revision: "900", consistent: true });

describe("naming a type again by the versions of its objects", () => {
  it("gives the very manifest entry that adding all objects gives, and only where nothing moved", async () => {
    const names = fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "b", "-", "1"), minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 20,
    });
    const move = fc.constantFrom("nothing", "version", "uid", "added", "removed", "renamed");
    await fc.assert(
      fc.asyncProperty(names, move, fc.nat(), async (chosen, kind, at) => {
        const files = new Map<string, Buffer>();
        const store = memoryStore(files);
        const before = chosen.sort().map((name) => mapOf(name, "1"));
        await takeSnapshot(store, [{ type: configMaps, objects: before }]);
        const after = moved(before, kind, at % before.length);
        const named = await nextWriter(store);
        const summary = await named.nameAgain(configMaps, versionsOf(after), ENDING);
        expect(summary !== undefined).toBe(kind === "nothing");
        if (summary === undefined) return;
        const added = await takeSnapshot(memoryStore(new Map(files)), [{ type: configMaps, objects: after }]);
        expect(summary.objects).toBe(after.length);
        expect(await entryOf(named)).toEqual(added.manifest.types[0]);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["the last object is gone", ["a", "b"]],
    ["all objects are gone", []],
  ])("notices that %s", async (_, left) => {
    const store = memoryStore(new Map());
    const objects = ["a", "b", "c"].map((name) => mapOf(name, "1"));
    await takeSnapshot(store, [{ type: configMaps, objects }]);
    const versions = versionsOf(left.map((name) => mapOf(name, "1")));
    expect(await (await nextWriter(store)).nameAgain(configMaps, versions, ENDING)).toBeUndefined();
  });

  it("names an open segment and the sealed one beside it together", async () => {
    const store = memoryStore(new Map());
    const { sealing } = await freshPair();
    const found = object(configMaps, "shop/key", "1", `AGE-SECRET-KEY-1${"A".repeat(58)}`);
    const objects = [mapOf("a", "1"), found, mapOf("z", "1")].sort((left, right) => (left.key < right.key ? -1 : 1));
    const first = await takeSnapshot(store, [{ type: configMaps, objects }], { sealing });
    expect(first.manifest.types[0]?.segments.map(({ sealed }) => sealed !== undefined)).toContain(true);
    const writer = await nextWriter(store, { sealing });
    const summary = await writer.nameAgain(configMaps, versionsOf(objects), ENDING);
    expect(summary).toMatchObject({ objects: 3, segmentsWritten: 0, segmentsReused: 2 });
    expect(await entryOf(writer)).toEqual(first.manifest.types[0]);
  });

  it("adds nothing when it is told that it may not", async () => {
    const store = memoryStore(new Map());
    await takeSnapshot(store, [{ type: configMaps, objects: [mapOf("a", "1")] }]);
    const writer = await nextWriter(store);
    const refused = () => {
      throw new Error("the limit of the run is reached");
    };
    await expect(writer.nameAgain(configMaps, versionsOf([mapOf("a", "1")]), refused)).rejects.toThrow("limit");
    expect(writer.carryType(configMaps, { status: "unread", reason: "limit" })).toBe(1);
  });

  it.each<[string, RunOptions, CapturedObject]>([
    ["bytes are captured in another way", { capture: "capture-2" }, mapOf("a", "1")],
    ["files are made in another way", { view: viewOf("view-2") }, mapOf("a", "1")],
    ["nothing of the parent is to be used", { reuse: false }, mapOf("a", "1")],
  ])("knows nothing of a type when %s", async (_, options, only) => {
    const store = memoryStore(new Map());
    await takeSnapshot(store, [{ type: configMaps, objects: [only] }]);
    const writer = await nextWriter(store, options);
    expect(writer.known(configMaps)).toBeUndefined();
    expect(await writer.nameAgain(configMaps, versionsOf([only]), ENDING)).toBeUndefined();
  });

  it("believes no version of servers that count none", async () => {
    const store = memoryStore(new Map());
    const uncounted = { ...mapOf("a", "1"), resourceVersion: "0" };
    await takeSnapshot(store, [{ type: configMaps, objects: [uncounted] }]);
    expect(await (await nextWriter(store)).nameAgain(configMaps, versionsOf([uncounted]), ENDING)).toBeUndefined();
  });

  it("knows nothing of a type of which one segment would be encrypted otherwise now", async () => {
    const store = memoryStore(new Map());
    const { sealing } = await freshPair();
    await takeSnapshot(store, [{ type: secrets, objects: [object(secrets, "shop/a", "1")] }]);
    const writer = await nextWriter(store, { sealing });
    expect(writer.known(secrets)).toBeUndefined();
  });

  it.each<[string, string, boolean]>([
    ["is the parent's", "api-1", true],
    ["is another one", "api-2", false],
    ["could not be read", "", false],
  ])("knows of a type what the parent has: where the API %s", async (_, fingerprint, known) => {
    const store = memoryStore(new Map());
    const { sealing } = await freshPair();
    await takeSnapshot(store, [{ type: secrets, objects: [object(secrets, "shop/a", "1")] }], { sealing });
    const writer = await openWriter(store, { sealing });
    expect(writer.known(secrets)).toBeUndefined();
    await writer.setApi(fingerprint, async () => DOCUMENTS, call);
    expect(writer.known(secrets) !== undefined).toBe(known);
  });

  it("makes no digests of files where there is no mirror", async () => {
    const store = memoryStore(new Map());
    const view = { ...viewOf("view-1"), ...NO_MIRROR };
    const taken = await takeSnapshot(store, [{ type: configMaps, objects: [mapOf("a", "1")] }], { view });
    for await (const state of taken.states(() => true, call)) expect(state.mirror).toBeUndefined();
  });
});

function mapOf(name: string, version: string): CapturedObject {
  // Large enough for several cuts.
  return object(configMaps, `shop/${name}`, version, name.repeat(20_000));
}

function moved(objects: readonly CapturedObject[], kind: string, at: number): readonly CapturedObject[] {
  const one = objects[at];
  if (one === undefined || kind === "nothing") return objects;
  const others = objects.filter((each) => each !== one);
  if (kind === "removed") return others;
  const other = {
    version: { ...one, resourceVersion: "2" },
    uid: { ...one, uid: "another" },
    renamed: mapOf(`${one.key.slice("shop/".length)}x`, "1"),
    added: mapOf("zzzzzz", "1"),
  }[kind];
  if (other === undefined) return objects;
  const all = kind === "added" ? [...objects, other] : [...others, other];
  return all.sort((left, right) => (left.key < right.key ? -1 : 1));
}

async function* versionsOf(objects: readonly CapturedObject[]): AsyncIterable<ObjectVersion> {
  for (const { key, uid, resourceVersion } of objects) yield { key, uid, resourceVersion };
}

/** That knows that the API is the parent's. */
async function nextWriter(store: ObjectStore, options: RunOptions = {}): Promise<SnapshotWriter> {
  const writer = await openWriter(store, options);
  await writer.setApi("api-1", async () => DOCUMENTS, call);
  return writer;
}

async function openWriter(store: ObjectStore, options: RunOptions): Promise<SnapshotWriter> {
  return createSnapshotWriter({
    store,
    series: "default",
    parent: await openSeries(store, "default").newest(call),
    view: options.view ?? viewOf("view-1"),
    capture: options.capture ?? "capture-1",
    sealing: options.sealing,
    uploads: 1,
    reuse: options.reuse ?? true,
  });
}

async function entryOf(writer: SnapshotWriter): Promise<TypeEntry | undefined> {
  return (await writer.commit(detailsOf(), call)).manifest.types[0];
}
