import type { KubeApi, ListRequest } from "@kubeferry/kube";
import { typeName } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

const filter = { mode: "whitelist", resources: { include: ["configmaps", "namespaces"] } };
const MERGE = { "content-type": "application/merge-patch+json" };
const MAPS = 300;

describe.skipIf(missingServers("kube-apiserver"))("objects that moved among many that did not", () => {
  let server: FreshKubeApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    await server.plant(plantedMaps());
  }, 120_000);
  afterAll(() => server.stop());

  const patch = (name: string, text: string) =>
    server.request("PATCH", `/api/v1/namespaces/shop/configmaps/${name}`, { data: { text } }, MERGE);

  it("are asked for by name, and the snapshot is that of a whole list", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const backups = await openTestBackups({ ...server, backup: { filter }, around: (kube) => noting(kube, asked) });
    await untilKnown(backups, asked);
    await patch("map-7", "new");
    await server.request("DELETE", "/api/v1/namespaces/shop/configmaps/map-8");
    await server.request("POST", "/api/v1/namespaces/shop/configmaps", { metadata: { name: "map-7a" } });
    asked.length = 0;
    const { report, snapshot } = await backups.run();
    expect(asked.sort()).toEqual(["metadata", "only map-7", "only map-7a"]);
    expect(report).toMatchObject({ status: "complete", changed: 2, removed: 1 });
    const whole = await (await openTestBackups({ ...server, backup: { filter } })).run();
    expect(segmentsOf({ report, snapshot })).toEqual(segmentsOf(whole));
  });

  it("are listed with all others where one of them moved on meanwhile", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const moving = (kube: KubeApi): KubeApi => ({ ...kube, list: moveFirst(kube, () => patch("map-9", "newest")) });
    const settings = { ...server, backup: { filter } };
    const backups = await openTestBackups({ ...settings, around: (kube) => noting(moving(kube), asked) });
    await untilKnown(backups, asked);
    await patch("map-9", "newer");
    asked.length = 0;
    const { report, snapshot } = await backups.run();
    expect(asked).toEqual(["metadata", "only map-9", "whole"]);
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
        return asked;
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toEqual(["metadata"]);
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

/** Writes down how the ConfigMaps are asked for. */
function noting(kube: KubeApi, asked: string[]): KubeApi {
  return {
    ...kube,
    list(type, request, call) {
      if (typeName(type) === "configmaps") asked.push(howAsked(request));
      return kube.list(type, request, call);
    },
  };
}

function howAsked({ metadataOnly, only }: ListRequest): string {
  if (only !== undefined) return `only ${only.name}`;
  return metadataOnly === true ? "metadata" : "whole";
}

function* plantedMaps() {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  const shop = { name: "shop", uid: "shop", creationTimestamp };
  yield { path: "namespaces/shop", object: { apiVersion: "v1", kind: "Namespace", metadata: shop } };
  for (let number = 0; number < MAPS; number++) {
    const name = `map-${number}`;
    const metadata = { name, namespace: "shop", uid: `uid-${number}`, creationTimestamp };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { text: `${number} `.repeat(200) } };
    yield { path: `configmaps/shop/${name}`, object };
  }
}
