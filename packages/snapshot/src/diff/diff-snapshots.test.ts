import { describe, expect, it } from "vitest";
import { openSeries } from "../series.ts";
import type { Snapshot } from "../snapshots.ts";
import { configMaps, deployments, object, viewOf } from "../testing/cluster.ts";
import { recorded } from "../testing/recording.ts";
import { takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { diffSnapshots } from "./diff-snapshots.ts";

async function changes(older: Snapshot | undefined, newer: Snapshot): Promise<string[]> {
  const said: string[] = [];
  for await (const { change, type, key } of diffSnapshots(older, newer, call))
    said.push(`${change} ${type.resource} ${key}`);
  return said;
}

describeOnStores(["folder"], (fresh) => {
  describe("diffSnapshots", () => {
    const before = [
      object(configMaps, "shop/changed", "1", "x"),
      object(configMaps, "shop/gone", "1"),
      object(configMaps, "shop/kept", "1"),
    ];
    const after = [
      object(configMaps, "shop/changed", "2", "y"),
      object(configMaps, "shop/kept", "1"),
      object(configMaps, "shop/new", "1"),
    ];

    it("says what was added, changed and removed, with both states", async () => {
      const store = fresh();
      const older = await takeSnapshot(store, [{ type: configMaps, objects: before }]);
      const newer = await takeSnapshot(store, [{ type: configMaps, objects: after }]);
      expect(await changes(older, newer)).toEqual([
        "changed configmaps shop/changed",
        "removed configmaps shop/gone",
        "added configmaps shop/new",
      ]);
      for await (const { change, before: was, after: is } of diffSnapshots(older, newer, call)) {
        if (change === "changed") expect([was?.resourceVersion, is?.resourceVersion]).toEqual(["1", "2"]);
      }
    });

    it("says that everything is added to nothing", async () => {
      const newer = await takeSnapshot(fresh(), [{ type: configMaps, objects: before }]);
      expect(await changes(undefined, newer)).toEqual(before.map((one) => `added configmaps ${one.key}`));
    });

    it.each(["unread", "filtered"] as const)("never calls objects of a type removed that is %s now", async (carry) => {
      const store = fresh();
      const oldest = await takeSnapshot(store, [{ type: configMaps, objects: before }]);
      await takeSnapshot(store, [{ type: configMaps, objects: after }]);
      const newest = await takeSnapshot(store, [{ type: configMaps, carry }]);
      expect(await changes(oldest, newest)).toEqual(["changed configmaps shop/changed", "added configmaps shop/new"]);
    });

    it("calls objects removed whose type is no longer served, but not those of a skipped one", async () => {
      const store = fresh();
      const older = await takeSnapshot(store, [
        { type: configMaps, objects: before.slice(0, 1) },
        { type: deployments, objects: [object(deployments, "shop/web", "1")] },
      ]);
      const details = { skipped: [{ resource: "configmaps", reason: "excluded", count: null }] };
      const newer = await takeSnapshot(store, [], { details });
      expect(await changes(older, newer)).toEqual(["removed deployments shop/web"]);
    });

    it("does not call objects changed only because files are rendered another way now", async () => {
      const store = fresh();
      const older = await takeSnapshot(store, [{ type: configMaps, objects: before }]);
      const view = viewOf("view-2", { heading: "other file" });
      const newer = await takeSnapshot(store, [{ type: configMaps, objects: before }], { view });
      expect(await changes(older, newer)).toEqual([]);
    });

    it("reads nothing of segments that both snapshots name", async () => {
      const store = fresh();
      const objects = Array.from({ length: 400 }, (_, index) =>
        object(configMaps, `shop/m${String(index).padStart(3, "0")}`, "1", "x".repeat(20_000)),
      );
      await takeSnapshot(store, [{ type: configMaps, objects }]);
      const moved = objects.map((one, index) => (index === 200 ? object(configMaps, one.key, "2", "y") : one));
      await takeSnapshot(store, [{ type: configMaps, objects: moved }]);
      const watched = recorded(store);
      const series = openSeries(watched.store, "default");
      const [older, newer] = [await series.at(1, call), await series.at(2, call)];
      expect(older.manifest.types[0]?.segments.length).toBeGreaterThan(4);
      expect(await changes(older, newer)).toEqual(["changed configmaps shop/m200"]);
      expect(watched.requests.filter((request) => request.includes("/state/")).length).toBeLessThanOrEqual(4);
      expect(watched.requests.filter((request) => request.includes("/segments/"))).toEqual([]);
    });
  });
});
