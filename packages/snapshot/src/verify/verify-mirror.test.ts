import { Buffer } from "node:buffer";
import type { ObjectStore } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { configMaps, object, viewOf } from "../testing/cluster.ts";
import { mirror, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "./verify-snapshot.ts";

describeOnStores(["folder", "minio"], (fresh) => {
  describe("verifying a snapshot with its mirror", () => {
    async function mirrored(store: ObjectStore) {
      const names = ["shop/a", "shop/b", "shop/c"];
      const taken = await takeSnapshot(store, [
        { type: configMaps, objects: names.map((name) => object(configMaps, name, "1")) },
      ]);
      await mirror(store);
      return taken;
    }
    const view = viewOf("view-1");

    it("finds nothing wrong with what a run left", async () => {
      const store = fresh();
      expect(await verifySnapshot(await mirrored(store), store, call, { mirror: view })).toEqual({
        ok: true,
        problems: [],
        objects: 3,
        sealed: 0,
        parent: "first",
      });
    });

    it("finds files that are missing, that differ, and that belong to no object", async () => {
      const store = fresh();
      const taken = await mirrored(store);
      await store.delete("shop/configmaps/a.yaml", call);
      await store.put("shop/configmaps/b.yaml", Buffer.from("edited"), {}, call);
      await store.put("shop/configmaps/d.yaml", Buffer.from("theirs"), {}, call);
      expect((await verifySnapshot(taken, store, call, { mirror: view })).problems).toEqual([
        { key: "shop/configmaps/a.yaml", problem: "is missing" },
        { key: "shop/configmaps/b.yaml", problem: "differs from its object" },
        { key: "shop/configmaps/d.yaml", problem: "is unexpected: no object of the snapshot has this file" },
      ]);
      expect((await verifySnapshot(taken, store, call)).problems).toEqual([]);
    });

    it("names a damaged segment once, although the mirror is made of it", async () => {
      const store = fresh();
      const taken = await mirrored(store);
      const key = `_snapshots/segments/${taken.manifest.types[0]?.segments[0]?.sha256}.ndjson.zst`;
      await store.put(key, Buffer.from("other bytes"), {}, call);
      const { problems } = await verifySnapshot(taken, store, call, { mirror: view });
      expect(problems).toEqual([{ key, problem: expect.stringContaining("damaged") }]);
    });

    it("says that the mirror is behind", async () => {
      const store = fresh();
      await mirrored(store);
      const next = await takeSnapshot(store, [
        { type: configMaps, objects: ["a", "b", "c"].map((name) => object(configMaps, `shop/${name}`, "1")) },
      ]);
      expect((await verifySnapshot(next, store, call, { mirror: view })).problems).toEqual([
        { key: "_mirror.json", problem: "shows snapshot 1; the next run brings it up to date" },
      ]);
    });

    it("says that there is no mirror", async () => {
      const store = fresh();
      const taken = await takeSnapshot(store, []);
      expect((await verifySnapshot(taken, store, call, { mirror: view })).problems).toEqual([
        { key: "_mirror.json", problem: "is missing: no mirror was written" },
      ]);
    });
  });
});
