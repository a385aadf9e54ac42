import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { blobKey } from "../keys.ts";
import type { SnapshotManifest } from "../manifest.ts";
import { endsSegment } from "../segment/cut.ts";
import { openSeries } from "../series.ts";
import type { Snapshot } from "../snapshots.ts";
import {
  claims,
  clusterRoles,
  configMaps,
  deployments,
  identity,
  listed,
  object,
  secrets,
  viewOf,
} from "../testing/cluster.ts";
import { freshPair } from "../testing/keys.ts";
import { recorded } from "../testing/recording.ts";
import { contentOf, DOCUMENTS, detailsOf, filesIn, mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { createSnapshotWriter } from "./writer.ts";

/** Fills segments: one object of 10 KB after another. */
function many(count: number, version = "1") {
  return Array.from({ length: count }, (_, index) =>
    object(configMaps, `shop/map-${String(index).padStart(5, "0")}`, version, { text: `${index} `.repeat(2_000) }),
  );
}

function typeOf({ manifest }: Snapshot, resource: string): SnapshotManifest["types"][number] {
  const found = manifest.types.find((type) => type.resource === resource);
  if (found === undefined) throw new Error(`${resource} is not in the snapshot`);
  return found;
}

function segmentNames(snapshot: Snapshot, resource = "configmaps"): string[] {
  return typeOf(snapshot, resource).segments.map((segment) => segment.sha256);
}

describeOnStores(["folder", "minio", "versitygw"], (fresh) => {
  it("gives back every object byte for byte, in the order of types and keys", async () => {
    const store = fresh();
    const odd = object(configMaps, "shop/odd", "7", { n: 1, text: "\u0085\u2028 é \\n" });
    const exact = { ...odd, line: Buffer.from(odd.line.toString("utf8").replace('"n":1', '"n":9007199254740993.0')) };
    const taken = await takeSnapshot(store, [
      { type: deployments, objects: [object(deployments, "shop/web", "3")] },
      {
        type: configMaps,
        objects: [exact, object(configMaps, "shop/\u{10000}", "1"), object(configMaps, "shop/\ue000", "1")],
      },
      { type: clusterRoles, objects: [object(clusterRoles, "system:node", "1")] },
    ]);
    const read = await openSeries(store, "default").newest(call);
    expect(read?.manifest).toEqual(taken.manifest);
    expect(Object.keys(await contentOf(taken))).toEqual([
      "configmaps shop/odd",
      "configmaps shop/\ue000",
      "configmaps shop/\u{10000}",
      "deployments shop/web",
      "clusterroles system:node",
    ]);
    expect((await contentOf(taken))["configmaps shop/odd"]).toBe(exact.line.toString("utf8"));
    expect(await taken.api(call)).toEqual(DOCUMENTS);
  });

  it("writes again only the segment in which an object moved, was added or went", async () => {
    const store = fresh();
    const objects = many(400);
    const first = await takeSnapshot(store, [{ type: configMaps, objects }]);
    expect(first.manifest.types[0]?.segments.length).toBeGreaterThan(3);
    const changed = objects.map((one, index) => (index === 200 ? object(configMaps, one.key, "2", "new") : one));
    const added = [...changed, object(configMaps, "shop/map-00100-b", "1", "more")];
    const removed = added.filter((one) => one.key !== "shop/map-00300");
    let previous = first;
    for (const now of [changed, added, removed]) {
      const next = await takeSnapshot(store, [{ type: configMaps, objects: now }]);
      const known = new Set(segmentNames(previous));
      expect(segmentNames(next).filter((name) => !known.has(name)).length).toBeLessThanOrEqual(2);
      expect(Object.keys(await contentOf(next)).length).toBe(now.length);
      previous = next;
    }
  });

  it("stores nothing but a manifest when nothing moved", async () => {
    const store = fresh();
    const found = [{ type: configMaps, objects: many(300) }];
    await takeSnapshot(store, found);
    const watched = recorded(store);
    const second = await takeSnapshot(watched.store, found);
    expect(watched.writes()).toEqual(["put _snapshots/default/0000000002.json"]);
    expect(second.manifest.complete).toBe(true);
  });

  it("gives equal blobs equal names, and takes those that are there already", async () => {
    const store = fresh();
    const found = [{ type: configMaps, objects: many(300) }];
    const first = await takeSnapshot(store, found, { series: "one" });
    const second = await takeSnapshot(store, found, { series: "two" });
    expect(second.manifest.types).toEqual(first.manifest.types);
    expect(await contentOf(second)).toEqual(await contentOf(first));
  });

  it("refuses to commit a snapshot that names a blob which is gone, and writes it anew when told to", async () => {
    const store = fresh();
    const found = [{ type: configMaps, objects: many(10) }];
    const first = await takeSnapshot(store, found);
    const key = blobKey("segments", segmentNames(first)[0] ?? "");
    await store.delete(key, call);
    await expect(takeSnapshot(store, found)).rejects.toMatchObject({
      kind: "damaged",
      message: expect.stringContaining(`${key} is missing or cut short`),
    });
    expect(Object.keys(await filesIn(store, "_snapshots/default/"))).toHaveLength(1);
    const repaired = await takeSnapshot(store, found, { reuse: false });
    expect(Object.keys(await contentOf(repaired))).toHaveLength(10);
  });

  it("puts a whole blob in the place of one that was cut short", async () => {
    const store = fresh();
    const found = [{ type: configMaps, objects: many(10) }];
    const key = blobKey("segments", segmentNames(await takeSnapshot(store, found))[0] ?? "");
    await store.put(key, Buffer.from("cut"), {}, call);
    await expect(takeSnapshot(store, found)).rejects.toMatchObject({ kind: "damaged" });
    const repaired = await takeSnapshot(store, found, { reuse: false });
    expect(Object.keys(await contentOf(repaired))).toHaveLength(10);
  });

  it("tells a run that came second who was first, and names no snapshot of it", async () => {
    const store = fresh();
    const parent = await takeSnapshot(store, [{ type: configMaps, objects: many(2) }]);
    const options = { store, series: "default", parent, view: viewOf("view-1"), capture: "capture-1", uploads: 2 };
    const slow = createSnapshotWriter(options);
    await slow.setApi("api-1", async () => DOCUMENTS, call);
    await takeSnapshot(store, [{ type: configMaps, objects: many(3) }], { runId: "the-fast-one" });
    await expect(slow.commit(detailsOf({ runId: "the-slow-one" }), call)).rejects.toMatchObject({
      kind: "lost",
      message: expect.stringContaining("run the-fast-one committed first"),
    });
    expect((await openSeries(store, "default").newest(call))?.manifest.runId).toBe("the-fast-one");
  });

  it("does not commit below the newest snapshot when the one in between was pruned", async () => {
    const store = fresh();
    const parent = await takeSnapshot(store, []);
    const slow = createSnapshotWriter({
      store,
      series: "default",
      parent,
      view: viewOf("view-1"),
      capture: "c",
      uploads: 1,
    });
    await slow.setApi("api-1", async () => DOCUMENTS, call);
    const second = await takeSnapshot(store, []);
    await takeSnapshot(store, [], { runId: "third" });
    await store.delete(second.key, call);
    await expect(slow.commit(detailsOf(), call)).rejects.toMatchObject({ kind: "lost" });
  });
});

describeOnStores(["folder"], (fresh) => {
  describe("types that are not read", () => {
    it("keep their objects, marked with the first run of the row that could not read them", async () => {
      const store = fresh();
      await takeSnapshot(store, [{ type: configMaps, objects: many(3) }]);
      const carried = [{ type: configMaps, carry: "unread" as const }];
      await takeSnapshot(store, carried, { startedAt: new Date("2026-11-21T07:00:00Z") });
      const third = await takeSnapshot(store, carried, { startedAt: new Date("2026-11-21T08:00:00Z") });
      expect(typeOf(third, "configmaps")).toMatchObject({
        captured: { status: "unread", reason: "forbidden", sinceSequence: 2, since: "2026-11-21T07:00:00.000Z" },
        objects: 3,
      });
      expect(third.manifest.complete).toBe(false);
      expect(Object.keys(await contentOf(third))).toHaveLength(3);
    });

    it("are in the snapshot without objects when there was none before", async () => {
      const taken = await takeSnapshot(fresh(), [{ type: configMaps, carry: "unread" }]);
      expect(typeOf(taken, "configmaps")).toMatchObject({ objects: 0, segments: [], captured: { sinceSequence: 1 } });
    });

    it("leave a snapshot complete when they were filtered out", async () => {
      const store = fresh();
      await takeSnapshot(store, [{ type: configMaps, objects: many(3) }]);
      const second = await takeSnapshot(store, [{ type: configMaps, carry: "filtered" }]);
      expect(second.manifest).toMatchObject({ complete: true, objects: 3 });
    });

    it("are read anew afterwards, because they may have been captured in another way", async () => {
      const store = fresh();
      const found = [{ type: configMaps, objects: many(3) }];
      await takeSnapshot(store, found, { capture: "old" });
      await takeSnapshot(store, [{ type: configMaps, carry: "unread" }], { capture: "new" });
      const others = many(3).map((one) => ({
        ...one,
        line: Buffer.from(one.line.toString("utf8").replace('"data":', '"DATA":')),
      }));
      const third = await takeSnapshot(store, [{ type: configMaps, objects: others }], { capture: "new" });
      expect((await contentOf(third))["configmaps shop/map-00000"]).toContain('"DATA":');
    });

    it("lose segments that are gone from the store, with a failure, rather than block every later run", async () => {
      const store = fresh();
      const first = await takeSnapshot(store, [{ type: configMaps, objects: many(3) }]);
      await store.delete(blobKey("segments", segmentNames(first)[0] ?? ""), call);
      await expect(takeSnapshot(store, [{ type: configMaps, carry: "unread" }])).rejects.toMatchObject({
        kind: "damaged",
      });
      const second = await takeSnapshot(store, [{ type: configMaps, carry: "unread" }], { reuse: false });
      expect(second.manifest.failures).toEqual([
        {
          target: "configmaps",
          kind: "damaged",
          message: expect.stringContaining("3 objects could not be carried over"),
        },
      ]);
      expect(second.manifest.objects).toBe(0);
    });
  });

  describe("Secrets", () => {
    const found = [{ type: secrets, objects: [object(secrets, "shop/db", "1", "hunter2")] }];

    it("captured in clear are not carried once the operator has left that mode", async () => {
      const store = fresh();
      await takeSnapshot(store, found, { secrets: "plain", capture: "plain" });
      const second = await takeSnapshot(store, [{ type: secrets, carry: "unread" }], { secrets: "withhold" });
      expect(typeOf(second, "secrets")).toMatchObject({ objects: 0, segments: [], captured: { status: "unread" } });
      expect(second.manifest.failures).toEqual([]);
    });

    it.each(["plain", "withhold"] as const)("in mode %s are carried while the mode stays", async (mode) => {
      const store = fresh();
      await takeSnapshot(store, found, { secrets: mode });
      const second = await takeSnapshot(store, [{ type: secrets, carry: "unread" }], { secrets: mode });
      expect(typeOf(second, "secrets").objects).toBe(1);
    });

    it("have no digest of their mirror file in the state", async () => {
      const view = viewOf("plain", { secrets: true });
      const taken = await takeSnapshot(fresh(), found, { secrets: "plain", view });
      const segment = typeOf(taken, "secrets").segments[0];
      if (segment === undefined) throw new Error("no segment");
      expect(await taken.segmentStates(segment, call)).toEqual([
        { key: "shop/db", uid: "uid-secrets-shop/db", resourceVersion: "1" },
      ]);
    });
  });

  describe("what is named again", () => {
    it("does not include segments that were captured another way", async () => {
      const store = fresh();
      const first = await takeSnapshot(store, [
        { type: configMaps, objects: [object(configMaps, "shop/a", "1", "old")] },
      ]);
      const found = [{ type: configMaps, objects: [object(configMaps, "shop/a", "1", "new")] }];
      const second = await takeSnapshot(store, found, { capture: "capture-2" });
      expect(segmentNames(second)).not.toEqual(segmentNames(first));
      expect((await contentOf(second))["configmaps shop/a"]).toContain("new");
    });

    it.each([
      ["other bytes", "Never!", "Ignored"],
      ["as many other bytes", "Always", "Never!"],
    ])("does not include objects to which another API gives %s under the same version", async (_, before, after) => {
      const store = fresh();
      const mapOf = (policy: string) => [{ type: configMaps, objects: [object(configMaps, "shop/a", "1", policy)] }];
      await takeSnapshot(store, mapOf(before), { api: "api-1" });
      await mirror(store);
      const taken = await takeSnapshot(store, mapOf(after), { api: "api-2" });
      await mirror(store);
      expect((await contentOf(taken))["configmaps shop/a"]).toContain(after);
      expect(Object.values(await mirrorFiles(store)).join()).toContain(after);
    });

    it("has the same names, and does not count as written, where another API gives the same", async () => {
      const store = fresh();
      const { sealing } = await freshPair();
      const found = [
        { type: configMaps, objects: many(40) },
        { type: secrets, objects: [object(secrets, "shop/key", "1", { password: "…" })] },
      ];
      const first = await takeSnapshot(store, found, { api: "api-1", sealing });
      const options = { store, series: "default", parent: first, view: viewOf("view-1"), capture: "capture-1" };
      const writer = createSnapshotWriter({ ...options, uploads: 1, sealing });
      await writer.setApi("api-2", async () => DOCUMENTS, call);
      for (const { type, objects } of found) {
        const summary = await writer.addType(type, listed(objects), () => ({ revision: "9", consistent: true }), call);
        expect(summary).toMatchObject({ segmentsWritten: 0 });
      }
      const second = await writer.commit(detailsOf(), call);
      expect(second.manifest.types.map(({ segments }) => segments)).toEqual(
        first.manifest.types.map(({ segments }) => segments),
      );
    });

    it("does not include objects without a resourceVersion, of which nobody knows whether they moved", async () => {
      const store = fresh();
      await takeSnapshot(store, [{ type: configMaps, objects: [object(configMaps, "shop/a", "", "old")] }]);
      const second = await takeSnapshot(store, [
        { type: configMaps, objects: [object(configMaps, "shop/a", "", "new")] },
      ]);
      expect((await contentOf(second))["configmaps shop/a"]).toContain("new");
    });

    it("keeps segments but not states when files are rendered another way", async () => {
      const store = fresh();
      const found = [{ type: configMaps, objects: many(3) }];
      const first = await takeSnapshot(store, found);
      const second = await takeSnapshot(store, found, { view: viewOf("view-2", { heading: "other file" }) });
      expect(segmentNames(second)).toEqual(segmentNames(first));
      const [before, after] = [first, second].map((one) => typeOf(one, "configmaps").segments[0]?.state.sha256);
      expect(after).not.toBe(before);
    });
  });

  describe("a type", () => {
    it("whose list breaks off is as if it had never been added", async () => {
      const store = fresh();
      const options = { store, series: "default", parent: undefined, view: viewOf("view-1"), capture: "c", uploads: 2 };
      const writer = createSnapshotWriter(options);
      const end = () => ({ revision: "1", consistent: true });
      await expect(writer.addType(configMaps, listed(many(300), new Error("410 Gone")), end, call)).rejects.toThrow(
        "410 Gone",
      );
      expect(writer.carryType(configMaps, { status: "unread", reason: "410 Gone" })).toBe(0);
      await writer.setApi("api-1", async () => DOCUMENTS, call);
      expect((await writer.commit(detailsOf(), call)).manifest).toMatchObject({ objects: 0, complete: false });
    });

    it.each([
      ["objects out of order", [object(configMaps, "shop/b", "1"), object(configMaps, "shop/a", "1")], "out of order"],
      ["an object twice", [object(configMaps, "shop/a", "1"), object(configMaps, "shop/a", "1")], "out of order"],
      ["a line break", [{ ...object(configMaps, "shop/a", "1"), line: Buffer.from("{\n}") }], "is not one line"],
      [
        "another object's JSON",
        [{ ...object(configMaps, "shop/a", "1"), line: object(configMaps, "shop/b", "1").line }],
        "names another object",
      ],
    ])("with %s is refused", async (_name, objects, problem) => {
      const writer = createSnapshotWriter({
        store: fresh(),
        series: "default",
        parent: undefined,
        view: viewOf("view-1"),
        capture: "c",
        uploads: 2,
      });
      async function* asGiven() {
        yield* objects;
      }
      const adding = writer.addType(configMaps, asGiven(), () => ({ revision: "1", consistent: true }), call);
      await expect(adding).rejects.toMatchObject({ kind: "invalid", message: expect.stringContaining(problem) });
    });

    it("with one object that cannot be rendered keeps the object, and tries to render it again next time", async () => {
      const store = fresh();
      const broken = viewOf("view-1");
      const view = {
        ...broken,
        render: (...[type, one]: Parameters<typeof broken.render>) => {
          if (one.key === "shop/map-00001") throw new SyntaxError("unexpected token in {secret}");
          return broken.render(type, one);
        },
      };
      const found = [{ type: configMaps, objects: many(3) }];
      const first = await takeSnapshot(store, found, { view });
      expect(first.manifest.failures).toEqual([
        {
          target: "mirror configmaps shop/map-00001",
          kind: "render",
          message: "the object could not be turned into a file",
        },
      ]);
      expect(first.manifest).toMatchObject({ objects: 3, complete: false });
      expect((await takeSnapshot(store, found, { view })).manifest.failures).toHaveLength(1);
      expect((await takeSnapshot(store, found)).manifest).toMatchObject({ failures: [], complete: true });
    });
  });

  it("keeps segments within 4 MiB when no key ends one, and gives a larger object one of its own", async () => {
    const data = "x".repeat(100_000);
    const names = Array.from({ length: 120 }, (_, index) => object(configMaps, `shop/n${index}`, "1", data));
    const neverEnding = names.filter((one) => !endsSegment(one.key, one.line.length + 1));
    const large = object(configMaps, "shop/zz-large", "1", "x".repeat(5 * 1024 * 1024));
    const taken = await takeSnapshot(fresh(), [{ type: configMaps, objects: [...neverEnding, large] }]);
    const sizes = typeOf(taken, "configmaps").segments.map((segment) => segment.rawBytes);
    expect(neverEnding.length).toBeGreaterThan(80);
    expect(sizes.slice(0, -1).every((bytes) => bytes <= 4 * 1024 * 1024)).toBe(true);
    expect(sizes[0]).toBeGreaterThan(4_000_000);
    expect(typeOf(taken, "configmaps").segments.at(-1)).toMatchObject({ objects: 1, first: "shop/zz-large" });
    expect(Object.keys(await contentOf(taken))).toHaveLength(neverEnding.length + 1);
  });

  it("counts the claims, whose volumes are in no backup", async () => {
    const taken = await takeSnapshot(fresh(), [{ type: claims, objects: [object(claims, "shop/data", "1")] }]);
    expect(taken.manifest.claims).toBe(1);
  });

  it("refuses to extend the snapshots of another cluster", async () => {
    const store = fresh();
    await takeSnapshot(store, []);
    const details = { cluster: { ...identity, uid: "another" } };
    await expect(takeSnapshot(store, [], { details })).rejects.toMatchObject({ kind: "wrong-cluster" });
  });

  it("never has more blobs on their way than it was allowed", async () => {
    const store = fresh();
    let running = 0;
    let most = 0;
    const counting = {
      ...store,
      put: async (...args: Parameters<typeof store.put>) => {
        most = Math.max(most, ++running);
        try {
          return await store.put(...args);
        } finally {
          running--;
        }
      },
    };
    const writer = createSnapshotWriter({
      store: counting,
      series: "default",
      parent: undefined,
      view: viewOf("view-1"),
      capture: "c",
      uploads: 3,
    });
    const types = [configMaps, { ...configMaps, resource: "maps-b" }, { ...configMaps, resource: "maps-c" }];
    const end = () => ({ revision: "1", consistent: true });
    await Promise.all(types.map((type) => writer.addType(type, listed(many(200)), end, call)));
    await writer.setApi("api-1", async () => DOCUMENTS, call);
    await writer.commit(detailsOf(), call);
    expect(most).toBe(3);
  });
});
