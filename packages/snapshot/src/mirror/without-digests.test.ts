import { expect, it } from "vitest";
import { NO_MIRROR } from "../snapshots.ts";
import { configMaps, object, viewOf } from "../testing/cluster.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { mirror, mirrorFiles, takeSnapshot } from "../testing/runs.ts";

it("brings a mirror up to a snapshot that was taken without one, and takes its files away later", async () => {
  const store = memoryStore(new Map());
  const [stays, goes] = [object(configMaps, "shop/stays", "1"), object(configMaps, "shop/goes", "1")];
  const withoutMirror = { view: { ...viewOf("view-1"), ...NO_MIRROR } };
  await takeSnapshot(store, [{ type: configMaps, objects: [goes, stays] }], withoutMirror);
  expect(await mirror(store)).toMatchObject({ put: 2, outcome: "updated" });
  await takeSnapshot(store, [{ type: configMaps, objects: [stays] }]);
  expect(await mirror(store)).toMatchObject({ deleted: 1, outcome: "updated" });
  expect(Object.keys(await mirrorFiles(store))).toEqual(["shop/configmaps/stays.yaml"]);
});
