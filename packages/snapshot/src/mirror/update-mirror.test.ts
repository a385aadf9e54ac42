import type { ObjectStore } from "@kubeferry/object-store";
import { StorageError } from "@kubeferry/object-store";
import { describe, expect, it } from "vitest";
import { openSeries } from "../series.ts";
import type { CapturedObject } from "../snapshots.ts";
import { configMaps, deployments, object, secrets, viewOf } from "../testing/cluster.ts";
import { Killed, killedAt, recorded } from "../testing/recording.ts";
import { bytesAt, filesIn, mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";

async function markerOf(store: ObjectStore): Promise<Record<string, unknown>> {
  return JSON.parse((await bytesAt(store, "_mirror.json")).toString("utf8"));
}

function maps(objects: readonly CapturedObject[]) {
  return [{ type: configMaps, objects }];
}

describeOnStores(["folder", "minio"], (fresh) => {
  it("writes one file an object, and says which snapshot they show", async () => {
    const store = fresh();
    const taken = await takeSnapshot(store, [
      {
        type: configMaps,
        objects: [object(configMaps, "shop/a", "1", "one"), object(configMaps, "shop/kube-root-ca.crt", "1")],
      },
      { type: deployments, objects: [object(deployments, "shop/web", "1", "two")] },
      { type: secrets, objects: [object(secrets, "shop/db", "1", "value")] },
    ]);
    expect(await mirror(store)).toEqual({ put: 2, deleted: 0, failures: [], outcome: "updated" });
    expect(await mirrorFiles(store)).toEqual({
      "shop/configmaps/a.yaml": '# file of shop/a\ndata: "one"\n',
      "shop/deployments/web.yaml": '# file of shop/web\ndata: "two"\n',
    });
    expect(await markerOf(store)).toEqual({
      format: 1,
      series: "default",
      snapshot: { sequence: 1, sha256: taken.sha256 },
      fingerprint: "view-1",
    });
  });

  it("changes nothing in the store when it shows the newest snapshot already", async () => {
    const store = fresh();
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await mirror(store);
    const watched = recorded(store);
    expect(await mirror(watched.store)).toEqual({ put: 0, deleted: 0, failures: [], outcome: "unchanged" });
    expect(watched.writes()).toEqual([]);
  });

  it("puts only files that differ and deletes only those of objects that went", async () => {
    const store = fresh();
    const kept = object(configMaps, "shop/kept", "1", "kept");
    await takeSnapshot(
      store,
      maps([
        kept,
        object(configMaps, "shop/changed", "1", "old"),
        object(configMaps, "shop/gone", "1"),
        object(configMaps, "shop/touched", "1", "same"),
      ]),
    );
    await mirror(store);
    await takeSnapshot(
      store,
      maps([
        kept,
        object(configMaps, "shop/changed", "2", "new"),
        object(configMaps, "shop/new", "1"),
        object(configMaps, "shop/touched", "2", "same"),
      ]),
    );
    const watched = recorded(store);
    expect(await mirror(watched.store)).toMatchObject({ put: 2, deleted: 1, failures: [] });
    expect(
      watched
        .writes()
        .filter((request) => !request.endsWith("_mirror.json"))
        .sort(),
    ).toEqual(["delete shop/configmaps/gone.yaml", "put shop/configmaps/changed.yaml", "put shop/configmaps/new.yaml"]);
  });

  it("catches up over several snapshots at once", async () => {
    const store = fresh();
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1"), object(configMaps, "shop/b", "1")]));
    await mirror(store);
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "2", "second")]));
    await takeSnapshot(store, maps([object(configMaps, "shop/c", "1", "third")]));
    expect(await mirror(store)).toMatchObject({ put: 1, deleted: 2 });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/c.yaml"]);
  });

  it("puts a Secret in mode plain only when it is another version", async () => {
    const store = fresh();
    const view = viewOf("plain", { secrets: true });
    const both = [object(secrets, "shop/a", "1", "x"), object(secrets, "shop/b", "1", "y")];
    await takeSnapshot(store, [{ type: secrets, objects: both }], { view, secrets: "plain" });
    expect(await mirror(store, { view })).toMatchObject({ put: 2 });
    const next = [object(secrets, "shop/a", "2", "z"), object(secrets, "shop/b", "1", "y")];
    await takeSnapshot(store, [{ type: secrets, objects: next }], { view, secrets: "plain" });
    expect(await mirror(store, { view })).toMatchObject({ put: 1, deleted: 0 });
    expect((await mirrorFiles(store))["shop/secrets/a.yaml"]).toContain('"z"');
    await takeSnapshot(store, [{ type: secrets, objects: [] }], { view, secrets: "plain" });
    expect(await mirror(store, { view })).toMatchObject({ put: 0, deleted: 2 });
  });

  it.each([
    ["read", [{ type: secrets, objects: [object(secrets, "shop/db", "1", "value")] }]],
    ["unread", [{ type: secrets, carry: "unread" as const }]],
    ["no longer listed", []],
  ])("deletes the files of Secrets when the mode is no longer plain and they are %s", async (_name, found) => {
    const store = fresh();
    const view = viewOf("plain", { secrets: true });
    await takeSnapshot(store, [{ type: secrets, objects: [object(secrets, "shop/db", "1", "value")] }], {
      view,
      secrets: "plain",
      capture: "plain",
    });
    await mirror(store, { view });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/secrets/db.yaml"]);
    await takeSnapshot(store, found, { secrets: "withhold", capture: "withhold", view: viewOf("withhold") });
    expect(await mirror(store, { view: viewOf("withhold") })).toMatchObject({ put: 0, deleted: 1 });
    expect(await mirrorFiles(store)).toEqual({});
  });

  it("writes everything anew when files are rendered another way", async () => {
    const store = fresh();
    const objects = [object(configMaps, "shop/a", "1"), object(configMaps, "shop/b", "1")];
    await takeSnapshot(store, maps([...objects, object(configMaps, "shop/gone", "1")]));
    await mirror(store);
    const view = viewOf("view-2", { heading: "second form" });
    await takeSnapshot(store, maps(objects), { view });
    expect(await mirror(store, { view })).toMatchObject({ put: 2, deleted: 1 });
    expect(Object.values(await mirrorFiles(store)).every((text) => text.startsWith("# second form of"))).toBe(true);
    expect(await markerOf(store)).toMatchObject({ fingerprint: "view-2" });
  });

  it("leaves the files of types that could not be read", async () => {
    const store = fresh();
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await mirror(store);
    await takeSnapshot(store, [{ type: configMaps, carry: "unread" }]);
    expect(await mirror(store)).toMatchObject({ put: 0, deleted: 0, outcome: "updated" });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/a.yaml"]);
  });

  it("touches nothing of a mirror that belongs to another series", async () => {
    const store = fresh();
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await mirror(store);
    await takeSnapshot(store, maps([]), { series: "hourly" });
    const before = await filesIn(store);
    const result = await mirror(store, { series: "hourly" });
    expect(result).toMatchObject({ put: 0, deleted: 0, outcome: "refused" });
    expect(result.failures[0]?.message).toContain("the mirror belongs to series default, and this is series hourly");
    expect(await filesIn(store)).toEqual(before);
  });

  it("does nothing while there is no snapshot", async () => {
    const watched = recorded(fresh());
    expect(await mirror(watched.store)).toMatchObject({ put: 0, outcome: "unchanged" });
    expect(watched.writes()).toEqual([]);
  });

  it("never touches files it does not know of, when it starts in a folder that is not empty", async () => {
    const store = fresh();
    await store.put("shop/configmaps/somebody-elses.yaml", Buffer.from("theirs"), {}, call);
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await mirror(store);
    expect((await mirrorFiles(store))["shop/configmaps/somebody-elses.yaml"]).toBe("theirs");
  });
});

/** A store that refuses to put one file. */
function refusing(store: ObjectStore, refused: string): ObjectStore {
  return {
    ...store,
    async put(key, ...rest) {
      if (key !== refused) return store.put(key, ...rest);
      throw new StorageError({ kind: "denied", who: "s3", operation: `put ${key}`, problem: "not allowed" });
    },
  };
}

describeOnStores(["folder"], (fresh) => {
  describe("a file that the store refuses", () => {
    it("is a failure, and is put by the next run", async () => {
      const store = fresh();
      await takeSnapshot(store, maps([object(configMaps, "shop/a", "1"), object(configMaps, "shop/b", "1")]));
      const result = await mirror(refusing(store, "shop/configmaps/a.yaml"));
      expect(result).toMatchObject({
        put: 1,
        outcome: "incomplete",
        failures: [{ target: "mirror shop/configmaps/a.yaml", kind: "denied" }],
      });
      expect(await markerOf(store)).toMatchObject({ snapshot: null, applying: { sequence: 1 } });
      expect(await mirror(store)).toMatchObject({ outcome: "updated", failures: [] });
      expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/a.yaml", "shop/configmaps/b.yaml"]);
      expect(await mirror(store)).toMatchObject({ outcome: "unchanged" });
    });

    it("does not end the run, but a hundred of them do", async () => {
      const store = fresh();
      const many = Array.from({ length: 300 }, (_, index) => object(configMaps, `shop/m${index}`, "1"));
      await takeSnapshot(store, maps(many));
      const down: ObjectStore = {
        ...store,
        put: (key, ...rest) => (key.startsWith("shop/") ? refusing(store, key) : store).put(key, ...rest),
      };
      const { failures } = await mirror(down);
      expect(failures.length).toBeGreaterThanOrEqual(100);
      expect(failures.length).toBeLessThan(110);
    });
  });

  it("writes no file twice after its very first run was killed", async () => {
    const store = fresh();
    const objects = ["a", "b", "c"].map((name) => object(configMaps, `shop/${name}`, "1"));
    await takeSnapshot(store, maps(objects));
    await expect(mirror(killedAt(store, 9, "before"))).rejects.toBeInstanceOf(Killed);
    expect(await markerOf(store)).toMatchObject({ snapshot: null, applying: { sequence: 1 } });
    const changed = [object(configMaps, "shop/a", "2", "new"), object(configMaps, "shop/b", "2", "new")];
    await takeSnapshot(store, maps(changed));
    const watched = recorded(store);
    await mirror(watched.store);
    expect(watched.writes().filter((request) => request.startsWith("put shop/"))).toHaveLength(2);
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/a.yaml", "shop/configmaps/b.yaml"]);
  });

  it("finds leftover files by listing when the snapshot it showed was pruned, and takes only its own kind", async () => {
    const store = fresh();
    const first = await takeSnapshot(
      store,
      maps([object(configMaps, "shop/a", "1"), object(configMaps, "shop/gone", "1")]),
    );
    await mirror(store);
    await store.put("notes.txt", Buffer.from("theirs"), {}, call);
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await store.delete(first.key, call);
    expect(await mirror(store)).toMatchObject({ deleted: 1, outcome: "updated" });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["notes.txt", "shop/configmaps/a.yaml"]);
    expect((await openSeries(store, "default").newest(call))?.manifest.sequence).toBe(2);
  });

  it("does the same when the states of that snapshot are gone", async () => {
    const store = fresh();
    const first = await takeSnapshot(
      store,
      maps([object(configMaps, "shop/a", "1"), object(configMaps, "shop/gone", "1")]),
    );
    await mirror(store);
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "2", "new")]));
    await store.delete(`_snapshots/state/${first.manifest.types[0]?.segments[0]?.state.sha256}.ndjson.zst`, call);
    expect(await mirror(store)).toMatchObject({ put: 1, deleted: 1, outcome: "updated" });
  });

  it.each([
    ["of a newer format", '{"format":2}', "newer-format"],
    ["that is no marker", '{"format":1}', "damaged"],
    ["that is not JSON", "{", "damaged"],
  ])("refuses a marker %s", async (_name, text, kind) => {
    const store = fresh();
    await takeSnapshot(store, maps([object(configMaps, "shop/a", "1")]));
    await store.put("_mirror.json", Buffer.from(text), {}, call);
    await expect(mirror(store)).rejects.toMatchObject({ kind, key: "_mirror.json" });
    expect(await mirrorFiles(store)).toEqual({});
  });
});
