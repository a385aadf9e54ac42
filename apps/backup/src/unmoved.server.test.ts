import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi } from "@kubeferry/kube";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notingLists } from "./testing/noting-lists.ts";
import { plantedMaps } from "./testing/planted-maps.ts";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

const filter = { mode: "whitelist", resources: { include: ["configmaps", "namespaces"] } };
const MERGE = { "content-type": "application/merge-patch+json" };

describe.skipIf(missingServers("kube-apiserver"))("a type in which nothing moved", () => {
  let server: FreshKubeApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    await server.plant(plantedMaps(300));
    await schemasAreKnown(server);
  }, 120_000);
  afterAll(() => server.stop());

  it("is known by its metadata, and asked for what moved as soon as something did", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const backups = await openTestBackups({
      ...server,
      backup: { filter },
      around: (kube) => notingLists(kube, asked),
    });
    const runAgain = async () => {
      asked.length = 0;
      const taken = await backups.run();
      return { ...taken, maps: asked.filter((one) => one.startsWith("configmaps")) };
    };

    expect((await runAgain()).maps).toEqual(["configmaps whole"]);
    const second = await runAgain();
    expect(second.maps).toEqual(["configmaps metadata"]);
    expect(second.report).toMatchObject({ status: "complete", changed: 0, segments: { written: 0 } });
    expect(second.report.objects).toBe(second.snapshot.manifest.objects);

    await server.request("PATCH", "/api/v1/namespaces/shop/configmaps/map-7", { data: { text: "new" } }, MERGE);
    const third = await runAgain();
    expect(third.maps).toEqual(["configmaps metadata", "configmaps only map-7"]);
    expect(third.report).toMatchObject({ changed: 1, removed: 0 });
    await server.request("DELETE", "/api/v1/namespaces/shop/configmaps/map-8");
    expect((await runAgain()).report).toMatchObject({ changed: 0, removed: 1 });
    await expectAsListed(await runAgain());
  });

  it("is listed whole where its metadata is refused", { timeout: 120_000 }, async () => {
    const asked: string[] = [];
    const broken = (kube: KubeApi): KubeApi => ({
      ...kube,
      list: (type, request, call) =>
        kube.list(type, request.metadataOnly === true ? { ...request, labelSelector: "=" } : request, call),
    });
    const around = (kube: KubeApi) => notingLists(broken(kube), asked);
    const backups = await openTestBackups({ ...server, backup: { filter }, around });
    await backups.run();
    asked.length = 0;
    const { report } = await backups.run();
    expect(asked.filter((one) => one.startsWith("configmaps"))).toEqual(["configmaps metadata", "configmaps whole"]);
    expect(report).toMatchObject({ status: "complete", changed: 0, segments: { written: 0 } });
  });

  it("counts towards the limits of a run as if it had been listed", { timeout: 120_000 }, async () => {
    // One after the other, so that the few namespaces are read when the ConfigMaps are too many.
    const backup = { filter: { ...filter, priorities: { namespaces: 1, configmaps: 2 } } };
    const backups = await openTestBackups({ ...server, backup, kubernetes: { concurrency: 1 } });
    for (const limits of [{ maxObjects: 200 }, { maxBytes: "64Ki" }]) {
      const { report: whole } = await backups.run();
      expect(whole.status).toBe("complete");
      const { report } = await backups.run(testCall, { backup, limits });
      expect(report).toMatchObject({ status: "partial", segments: { written: 0 } });
      expect(report.unread).toMatchObject([{ resource: "configmaps", reason: expect.stringContaining("limits.max") }]);
    }
  });

  it("costs the store no file of the mirror, and no listing of its keys", { timeout: 120_000 }, async () => {
    const requests: string[] = [];
    const onStore = ({ operation, key, phase }: { operation: string; key: string; phase: string }) => {
      if (phase === "before") requests.push(`${operation} ${key.replace("example.internal/test/", "")}`);
    };
    const backups = await openTestBackups({ ...server, backup: { filter, mirror: true }, onStore });
    const first = await backups.run();
    expect(first.report.mirror.put).toBeGreaterThan(290);
    requests.length = 0;
    const { report } = await backups.run();
    expect(report.mirror).toMatchObject({ put: 0, deleted: 0 });
    const written = requests.filter((one) => one.startsWith("put")).map((one) => one.split(" ")[1]);
    expect(new Set(written)).toEqual(new Set(["_lease.json", "_mirror.json", "_snapshots/default/0000000002.json"]));
    const listings = requests.filter((one) => one.startsWith("list"));
    expect(new Set(listings)).toEqual(new Set(["list _snapshots/default/"]));
  });

  it("is not read back after a first snapshot to count what is new", { timeout: 120_000 }, async () => {
    const read: string[] = [];
    const onStore = ({ operation, key, phase }: { operation: string; key: string; phase: string }) => {
      if (phase === "before" && operation === "get" && key.includes("/_snapshots/")) read.push(key);
    };
    const backups = await openTestBackups({ ...server, backup: { filter }, onStore });
    const { objects, changed, removed } = (await backups.run()).report;
    expect({ changed, removed }).toEqual({ changed: objects, removed: 0 });
    expect(read).toEqual([]);
  });

  // The last one: it leaves an API behind that changes for a while.
  it("is listed whole once its schema fills in a default, and what is served now is taken", {
    timeout: 120_000,
  }, async () => {
    const asked: string[] = [];
    const all = { mode: "whitelist", resources: { include: ["gadgets.example.com"] } };
    const backups = await openTestBackups({
      ...server,
      backup: { filter: all },
      around: (kube) => notingLists(kube, asked),
    });
    await server.apply(gadgets({}), ...Array.from({ length: 10 }, (_, number) => gadget(number)));
    await backups.run();
    await server.apply(gadgets({ default: "blue" }));
    const whole = async () => {
      asked.length = 0;
      const { snapshot } = await backups.run();
      const lines: string[] = [];
      for await (const object of snapshot.objects(() => true, testCall)) {
        if (object.readable) lines.push(object.line.toString("utf8"));
      }
      return lines.every((line) => line.includes('"color":"blue"'));
    };
    // The API server makes its schemas known a moment after it goes by them.
    await expect.poll(whole, { timeout: 60_000, interval: 1_000 }).toBe(true);
    expect(asked).toContain("gadgets.example.com whole");
  });
});

/** Of a server that has just started; until then its API is another one from run to run. */
async function schemasAreKnown({ request }: FreshKubeApi): Promise<void> {
  let last = "";
  for (let next = await index(); next !== last; next = await index()) {
    last = next;
    await sleep(2_000);
  }

  async function index(): Promise<string> {
    return (await request("GET", "/openapi/v3")).body;
  }
}

/** A type whose objects may have a color. */
function gadgets(color: { readonly default?: string }) {
  const text = { type: "string" };
  const spec = { type: "object", default: {}, properties: { color: { ...text, ...color }, text } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gadgets.example.com" },
    spec: {
      group: "example.com",
      names: { kind: "Gadget", listKind: "GadgetList", plural: "gadgets", singular: "gadget" },
      scope: "Cluster",
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec } } },
        },
      ],
    },
  };
}

function gadget(number: number) {
  const spec = { text: "text ".repeat(2_000) };
  return { apiVersion: "example.com/v1", kind: "Gadget", metadata: { name: `gadget-${number}` }, spec };
}

/** What is named again is what the API server gives. */
async function expectAsListed({ snapshot }: TakenBackup): Promise<void> {
  const names: string[] = [];
  for await (const object of snapshot.objects(({ resource }) => resource === "configmaps", testCall)) {
    names.push(object.key);
    if (object.key === "shop/map-7") expect(object.readable && object.line.toString("utf8")).toContain('"new"');
  }
  expect(names).toContain("shop/map-299");
  expect(names).not.toContain("shop/map-8");
}
