import { expect, it } from "vitest";
import { openSeries } from "../series.ts";
import { configMaps, deployments, object, viewOf } from "../testing/cluster.ts";
import { mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { verifySnapshot } from "../verify/verify-snapshot.ts";
import { mirrorKeys } from "./mirror-key.ts";

const PLURALS = viewOf("view", { keys: mirrorKeys() });
const KINDS = viewOf("view", { keys: mirrorKeys("{namespace}/{kind}/{name}", "json") });
const WEB = object(deployments, "shop/web", "1", "two");

describeOnStores(["folder", "minio"], (fresh) => {
  it("moves its files when keys are built in another way, and leaves none behind", async () => {
    const store = fresh();
    const found = [{ type: deployments, objects: [WEB] }];
    await takeSnapshot(store, found, { view: PLURALS });
    await mirror(store, { view: PLURALS });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/deployments/web.yaml"]);
    const taken = await takeSnapshot(store, found, { view: KINDS });
    expect(await mirror(store, { view: KINDS })).toMatchObject({ put: 1, deleted: 1, outcome: "updated" });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/deployment/web.json"]);
    expect((await verifySnapshot(taken, store, call, { mirror: KINDS })).problems).toEqual([]);
  });

  it("also removes files of the old way whose objects went in the same run", async () => {
    const store = fresh();
    const gone = object(deployments, "shop/gone", "1");
    await takeSnapshot(store, [{ type: deployments, objects: [gone, WEB] }], { view: PLURALS });
    await mirror(store, { view: PLURALS });
    await takeSnapshot(store, [{ type: deployments, objects: [WEB] }], { view: KINDS });
    await mirror(store, { view: KINDS });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/deployment/web.json"]);
  });

  it("leaves out objects above its limit, and every later snapshot still names them", async () => {
    const store = fresh();
    const large = object(configMaps, "shop/large", "1", "x".repeat(500));
    const found = [{ type: configMaps, objects: [object(configMaps, "shop/small", "1"), large] }];
    const view = viewOf("view", { keys: mirrorKeys(), maxObjectBytes: 400 });
    await takeSnapshot(store, found, { view });
    await mirror(store, { view });
    await takeSnapshot(store, found, { view });
    await mirror(store, { view });
    expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/small.yaml"]);
    const newest = await openSeries(store, "default").newest(call);
    const named = newest?.manifest.types.flatMap((type) => type.segments.flatMap((segment) => segment.oversized ?? []));
    expect(named).toEqual([{ key: "shop/large", sizeBytes: large.line.length }]);
    if (newest === undefined) throw new Error("no snapshot");
    expect((await verifySnapshot(newest, store, call, { mirror: view })).problems).toEqual([]);
  });
});
