import type { KubeApi } from "@kubeferry/kube";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notingLists } from "./testing/noting-lists.ts";
import { plantedMaps } from "./testing/planted-maps.ts";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

const filter = { mode: "whitelist", resources: { include: ["configmaps", "namespaces"] } };
const MERGE = { "content-type": "application/merge-patch+json" };
const MAPS = 300;

describe.skipIf(missingServers("kube-apiserver"))("objects that moved among many that did not", () => {
  let server: FreshKubeApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    await server.plant(plantedMaps(MAPS));
  }, 120_000);
  afterAll(() => server.stop());

  const patch = (name: string, text: string) =>
    server.request("PATCH", `/api/v1/namespaces/shop/configmaps/${name}`, { data: { text } }, MERGE);

  it("are asked for by name, and the snapshot is that of a whole list", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const backups = await openTestBackups({
      ...server,
      backup: { filter },
      around: (kube) => notingLists(kube, asked),
    });
    await untilKnown(backups, asked);
    await patch("map-7", "new");
    await server.request("DELETE", "/api/v1/namespaces/shop/configmaps/map-8");
    await server.request("POST", "/api/v1/namespaces/shop/configmaps", { metadata: { name: "map-7a" } });
    asked.length = 0;
    const { report, snapshot } = await backups.run();
    expect(mapsOf(asked).sort()).toEqual(["metadata", "only map-7", "only map-7a"]);
    expect(report).toMatchObject({ status: "complete", changed: 2, removed: 1 });
    const whole = await (await openTestBackups({ ...server, backup: { filter } })).run();
    expect(segmentsOf({ report, snapshot })).toEqual(segmentsOf(whole));
  });

  it("are listed with all others where one of them moved on meanwhile", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const moving = (kube: KubeApi): KubeApi => ({ ...kube, list: moveFirst(kube, () => patch("map-9", "newest")) });
    const settings = { ...server, backup: { filter } };
    const backups = await openTestBackups({ ...settings, around: (kube) => notingLists(moving(kube), asked) });
    await untilKnown(backups, asked);
    await patch("map-9", "newer");
    asked.length = 0;
    const { report, snapshot } = await backups.run();
    expect(mapsOf(asked)).toEqual(["metadata", "only map-9", "whole"]);
    expect(report).toMatchObject({ status: "complete", changed: 1 });
    for await (const object of snapshot.objects(({ resource }) => resource === "configmaps", testCall)) {
      if (object.key === "shop/map-9") expect(object.readable && object.line.toString("utf8")).toContain('"newest"');
    }
  });
});

/** Until the API is the parent's: a server that has just started makes its schemas known one after the other. */
async function untilKnown(backups: { readonly run: () => Promise<TakenBackup> }, asked: string[]): Promise<void> {
  await expect
    .poll(
      async () => {
        asked.length = 0;
        await backups.run();
        return mapsOf(asked);
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toEqual(["metadata"]);
}

/** How the ConfigMaps were asked for. */
function mapsOf(asked: readonly string[]): string[] {
  return asked.filter((one) => one.startsWith("configmaps ")).map((one) => one.slice("configmaps ".length));
}

function segmentsOf({ snapshot }: TakenBackup) {
  const maps = snapshot.manifest.types.find(({ resource }) => resource === "configmaps");
  return maps?.segments.map(({ sha256, first, last, versions }) => ({ sha256, first, last, versions }));
}

/** Does something before the first object is asked for by its name. */
function moveFirst(kube: KubeApi, move: () => Promise<unknown>): KubeApi["list"] {
  return (type, request, call) => {
    if (request.only === undefined) return kube.list(type, request, call);
    const listing = kube.list(type, request, call);
    return {
      end: () => listing.end(),
      async *[Symbol.asyncIterator]() {
        await move();
        yield* listing;
      },
    };
  };
}
