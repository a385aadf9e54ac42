import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectStore } from "@kubeferry/object-store";
import { expect, it } from "vitest";
import { openSeries } from "../series.ts";
import { configMaps, object, viewOf } from "../testing/cluster.ts";
import { Killed } from "../testing/recording.ts";
import { bytesAt, mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";

/** A cluster at one moment: each name with the version of its object. */
type Moment = Readonly<Record<string, number>>;

async function commit(store: ObjectStore, moment: Moment): Promise<void> {
  const objects = Object.entries(moment).map(([name, version]) =>
    object(configMaps, `shop/${name}`, `${version}`, `v${version}`),
  );
  await takeSnapshot(store, [{ type: configMaps, objects }]);
}

function filesOf(moment: Moment): Record<string, string> {
  const files = Object.entries(moment).map(([name, version]) => [
    `shop/configmaps/${name}.yaml`,
    `# file of shop/${name}\ndata: "v${version}"\n`,
  ]);
  return Object.fromEntries(files);
}

/** A store whose puts of files wait from a key on until they are let through; it says when the key was reached. */
function gated(store: ObjectStore, gatedKey: string) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let closed = false;
  const put: ObjectStore["put"] = async (key, ...rest) => {
    if (key === gatedKey) {
      closed = true;
      reached.resolve();
    }
    if (closed && key !== "_mirror.json") await gate.promise;
    return store.put(key, ...rest);
  };
  return { store: { ...store, put }, reached: reached.promise, open: gate.resolve };
}

async function markerOf(store: ObjectStore): Promise<Record<string, unknown>> {
  return JSON.parse((await bytesAt(store, "_mirror.json")).toString("utf8"));
}

describeOnStores(["folder", "minio"], (fresh) => {
  it.each([1, 2])("a slow worker puts right what it wrote after %i later ones had finished", async (others) => {
    const store = fresh();
    await commit(store, { a: 1, b: 1 });
    const slow = gated(store, "shop/configmaps/a.yaml");
    const slowly = mirror(slow.store);
    await slow.reached;
    await commit(store, { a: 2, b: 2 });
    for (let other = 0; other < others; other++) expect(await mirror(store)).toMatchObject({ outcome: "updated" });
    slow.open();
    expect(await slowly).toMatchObject({ outcome: "updated" });
    expect(await mirrorFiles(store)).toEqual(filesOf({ a: 2, b: 2 }));
    expect(await mirror(store)).toMatchObject({ outcome: "unchanged" });
  });

  it("the next run puts right what a worker wrote that was overtaken and killed", async () => {
    const store = fresh();
    await commit(store, { a: 1, b: 1 });
    const slow = gated(store, "shop/configmaps/a.yaml");
    let written = false;
    const dying: ObjectStore = {
      ...slow.store,
      async put(key, ...rest) {
        if (written) throw new Killed("killed");
        const answer = await slow.store.put(key, ...rest);
        if (key.endsWith("/a.yaml")) written = true;
        return answer;
      },
    };
    const slowly = mirror(dying);
    await slow.reached;
    await commit(store, { b: 2 });
    await mirror(store);
    slow.open();
    await expect(slowly).rejects.toBeInstanceOf(Killed);
    expect(Object.keys(await mirrorFiles(store))).toContain("shop/configmaps/a.yaml");
    await mirror(store);
    expect(await mirrorFiles(store)).toEqual(filesOf({ b: 2 }));
    expect(await mirror(store)).toMatchObject({ outcome: "unchanged" });
    expect(await markerOf(store)).not.toHaveProperty("overtaken");
  });

  it("a worker that is overtaken by one still at it stops and hands over, and that one puts right what it wrote", async () => {
    const store = fresh();
    const names = Array.from({ length: 450 }, (_, index) => `m${String(index).padStart(3, "0")}`);
    const first = Object.fromEntries(names.map((name) => [name, 1]));
    const second = Object.fromEntries(names.map((name) => [name, 2]));
    await commit(store, first);
    const early = gated(store, "shop/configmaps/m100.yaml");
    const late = gated(store, "shop/configmaps/m300.yaml");
    const earlier = mirror(early.store);
    await early.reached;
    await commit(store, second);
    const later = mirror(late.store);
    await late.reached;
    early.open();
    const handedOver = await earlier;
    expect(handedOver.outcome).toBe("handed-over");
    expect(handedOver.put).toBe(200);
    late.open();
    expect(await later).toMatchObject({ outcome: "updated" });
    expect(await mirrorFiles(store)).toEqual(filesOf(second));
    expect(await mirror(store)).toMatchObject({ outcome: "unchanged" });
  });
});

/** Waits for a moment before and after each change, so that workers overtake each other at every place. */
function jittery(store: ObjectStore): ObjectStore {
  const around = async <Answer>(change: () => Promise<Answer>): Promise<Answer> => {
    await sleep(Math.random() * 4);
    const answer = await change();
    await sleep(Math.random() * 4);
    return answer;
  };
  return {
    ...store,
    put: (...args) => around(() => store.put(...args)),
    delete: (...args) => around(() => store.delete(...args)),
  };
}

describeOnStores(["folder"], (fresh) => {
  it("however many workers are at it while snapshots go on, the mirror ends as the newest snapshot says", async () => {
    for (let round = 0; round < 25; round++) {
      const store = fresh();
      const workers: Promise<unknown>[] = [];
      for (let version = 1; version <= 4; version++) {
        const names = ["a", "b", "c", "d", "e", "f", "g", "h"].filter(() => Math.random() < 0.7);
        await commit(store, Object.fromEntries(names.map((name) => [name, Math.random() < 0.3 ? 1 : version])));
        workers.push(mirror(jittery(store)));
        if (Math.random() < 0.5) workers.push(mirror(jittery(store)));
        await sleep(Math.random() * 30);
      }
      await Promise.all(workers);
      const newest = await openSeries(store, "default").newest(call);
      if (newest === undefined) throw new Error("nothing was committed");
      const verified = await verifySnapshot(newest, store, call, { mirror: viewOf("view-1") });
      expect(verified.problems.filter((problem) => problem.key !== "_mirror.json")).toEqual([]);
      await mirror(store);
      await mirror(store);
      expect((await verifySnapshot(newest, store, call, { mirror: viewOf("view-1") })).problems).toEqual([]);
    }
  });
});
