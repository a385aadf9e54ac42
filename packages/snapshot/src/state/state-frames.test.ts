import { Buffer } from "node:buffer";
import type { ObjectKey } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { diffSnapshots } from "../diff/diff-snapshots.ts";
import { updateMirror } from "../mirror/update-mirror.ts";
import { openSeries } from "../series.ts";
import { configMaps, listed, object, viewOf } from "../testing/cluster.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { recorded } from "../testing/recording.ts";
import { DOCUMENTS, detailsOf, mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call } from "../testing/stores.ts";
import { createSnapshotWriter } from "../writer/writer.ts";
import { readState } from "./state.ts";
import { createStateFrames, type OpenState, type StateFrames } from "./state-frames.ts";

const view = viewOf("view-1");
const before = ["a", "b", "c"].map((name) => object(configMaps, `shop/${name}`, "1"));
const after = [object(configMaps, "shop/a", "2", "new"), ...before.slice(2)];

describe("states that a run has read or written", () => {
  it("are read from the store once, for counting and for the mirror", async () => {
    const store = await withMirror();
    const watched = recorded(store);
    expect(await nextRun(watched.store, createStateFrames(100_000))).toEqual(["changed shop/a", "removed shop/b"]);
    // The parent's; that of the new snapshot is known from writing it.
    expect(watched.requests.filter((one) => one.startsWith("get") && one.includes("/state/"))).toHaveLength(1);
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/a.yaml", "shop/configmaps/c.yaml"]);
  });

  it("are read each time where there is no room for them", async () => {
    const watched = recorded(await withMirror());
    expect(await nextRun(watched.store, createStateFrames(10))).toEqual(["changed shop/a", "removed shop/b"]);
    expect(watched.requests.filter((one) => one.startsWith("get") && one.includes("/state/")).length).toBeGreaterThan(
      3,
    );
  });

  it("are parsed once while they are kept opened, whoever names them by what they hold", async () => {
    const { segment, source } = await readOnce();
    const states = await readState(source, segment, call);
    expect(await readState(source, segment, call)).toBe(states);
  });

  it.each([
    ["versions", { versions: "0".repeat(64) }],
    ["number of objects", { objects: 2 }],
    ["first object", { first: "shop/0" }],
    ["last object", { last: "shop/z" }],
  ])("are damaged for a segment of another %s, also when they are kept opened", async (_, other) => {
    const { segment, source } = await readOnce();
    await readState(source, segment, call);
    await expect(readState(source, { ...segment, ...other }, call)).rejects.toMatchObject({ kind: "damaged" });
  });

  it("are kept opened up to so many objects, and only beside what is stored", () => {
    const frames = createStateFrames(3);
    for (const name of ["large", "larger", "small"]) frames.keep(name, Buffer.alloc(1));
    frames.keepOpen("large", statesOf(20_000));
    frames.keepOpen("larger", statesOf(6_000));
    frames.keepOpen("small", statesOf(5_000));
    frames.keepOpen("not stored", statesOf(0));
    const kept = () => ["large", "larger", "small", "not stored"].filter((name) => frames.getOpen(name) !== undefined);
    expect(kept()).toEqual(["large", "small"]);
    frames.close();
    expect(kept()).toEqual([]);
  });

  it("are kept while there is room, and let go at the end", () => {
    const frames = createStateFrames(10);
    frames.keep("first", Buffer.alloc(6));
    frames.keep("first", Buffer.alloc(6));
    frames.keep("larger", Buffer.alloc(5));
    frames.keep("last", Buffer.alloc(4));
    expect(["first", "larger", "last"].map((name) => frames.get(name)?.length)).toEqual([6, undefined, 4]);
    frames.close();
    frames.keep("later", Buffer.alloc(1));
    expect(["first", "later"].map((name) => frames.get(name))).toEqual([undefined, undefined]);
  });

  it("keeps a state and not the block of small buffers that it lies in", () => {
    const frames = createStateFrames(10);
    frames.keep("first", Buffer.from("state"));
    const kept = frames.get("first");
    expect(kept?.toString()).toBe("state");
    expect(kept?.buffer.byteLength).toBe(5);
  });
});

/** A segment of a snapshot, and where its state is read with room to keep it. */
async function readOnce() {
  const store = await withMirror();
  const newest = await openSeries(store, "default").newest(call);
  const segment = newest?.manifest.types[0]?.segments[0];
  if (segment === undefined) throw new Error("the snapshot has no segment");
  return { segment, source: { store, frames: createStateFrames(100_000) } };
}

function statesOf(objects: number): OpenState {
  const states = Array.from({ length: objects }, (_, at) => ({
    key: `${at}` as ObjectKey,
    uid: "u",
    resourceVersion: "1",
  }));
  return { objects: states, versions: "" };
}

/** A store with a snapshot, and its mirror. */
async function withMirror(): Promise<ObjectStore> {
  const store = memoryStore(new Map());
  await takeSnapshot(store, [{ type: configMaps, objects: before }]);
  await mirror(store);
  return store;
}

/** A run as a backup makes it. @returns what changed */
async function nextRun(store: ObjectStore, frames: StateFrames): Promise<string[]> {
  const series = openSeries(store, "default", { frames });
  const parent = await series.newest(call);
  const shared = { store, series: "default", parent, view, capture: "capture-1", uploads: 1, frames };
  const writer = createSnapshotWriter(shared);
  await writer.setApi("api-1", async () => DOCUMENTS, call);
  await writer.addType(configMaps, listed(after), () => ({ revision: "901", consistent: true }), call);
  const snapshot = await writer.commit(detailsOf(), call);
  const changes: string[] = [];
  for await (const { change, key } of diffSnapshots(parent, snapshot, call)) changes.push(`${change} ${key}`);
  await updateMirror({ store, series, view, concurrency: 1 }, call);
  return changes;
}
