import { setTimeout as sleep } from "node:timers/promises";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AggregatedApi, startAggregatedApi } from "./testing/aggregated-api.ts";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

const FLUNDERS = "flunders.flunders.example.com";

describe.skipIf(missingServers("kube-apiserver"))("an aggregated API behind a real API server", () => {
  let server: FreshKubeApi;
  let api: AggregatedApi;
  beforeAll(async () => {
    server = await servers.freshKubeApi();
    api = await startAggregatedApi(server, await server.freshNamespace("aggregated"));
    // The hook's own time limit ends this.
    while (!(await isDiscovered())) await sleep(500);
  });
  afterAll(async () => {
    await api.stop();
    await server.stop();
  });

  it("that sends items unsorted and twice is in the snapshot in order, each once, the last of two", {
    timeout: 120_000,
  }, async () => {
    api.answer((_, response) => response.end(page(["c", "1"], ["a", "2"], ["b", "3"], ["a", "4"])));
    const { report, ...taken } = await (await openTestBackups({ kubeconfig: server.kubeconfig })).run();
    expect(report.status).toBe("complete");
    expect(await flundersIn({ report, ...taken })).toEqual(["shop/a@4", "shop/b@3", "shop/c@1"]);
  });

  it("that breaks keeps what an earlier run had, and everything else is read", { timeout: 120_000 }, async () => {
    api.answer((_, response) => response.end(page(["a", "1"], ["b", "2"])));
    const backups = await openTestBackups({ kubeconfig: server.kubeconfig });
    await backups.run();
    api.answer((_, response) => void response.writeHead(500).end("<html>broken</html>"));
    const broken = await backups.run();
    expect(broken.report.status).toBe("partial");
    expect(broken.report.unread).toMatchObject([{ resource: FLUNDERS, carried: 2 }]);
    expect(await flundersIn(broken)).toEqual(["shop/a@1", "shop/b@2"]);
    api.answer((_, response) => response.end(page(["b", "2"])));
    const well = await backups.run();
    expect(well.report).toMatchObject({ status: "complete", removed: 1 });
  });

  it("that counts for itself is not part of a cut, and the report says so", { timeout: 120_000 }, async () => {
    api.answer((_, response) => response.end(page(["a", "1"])));
    const cut = { backup: { consistency: "cut", mirror: false } };
    const { report } = await (await openTestBackups({ kubeconfig: server.kubeconfig, ...cut })).run();
    expect(report.consistency).toMatchObject({
      held: false,
      exceptions: [{ resource: FLUNDERS, reason: expect.stringContaining("another store or server keeps it") }],
    });
  });

  it("that lists without end is unread, and everything else is read", { timeout: 120_000 }, async () => {
    let pages = 0;
    api.answer((_, response) => response.end(listOf([], `token-${pages++}`)));
    const { report } = await (await openTestBackups({ kubeconfig: server.kubeconfig })).run();
    expect(report.unread.map(({ resource }) => resource)).toEqual([FLUNDERS]);
    expect(report.unread[0]?.reason).toContain("page after page without objects");
  });

  async function isDiscovered(): Promise<boolean> {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { body } = await server.request("GET", "/apis", undefined, { accept });
    const { items } = JSON.parse(body) as {
      items: { metadata: { name: string }; versions: { freshness: string }[] }[];
    };
    const group = items.find(({ metadata }) => metadata.name === "flunders.example.com");
    return group?.versions.every(({ freshness }) => freshness === "Current") === true;
  }
});

async function flundersIn({ snapshot }: TakenBackup): Promise<string[]> {
  const found: string[] = [];
  for await (const object of snapshot.objects(({ resource }) => resource === "flunders", testCall)) {
    if (!object.readable) continue;
    const { metadata } = JSON.parse(object.line.toString("utf8"));
    found.push(`${object.key}@${metadata.resourceVersion}`);
  }
  return found;
}

/** A page of flunders, each by name and resourceVersion; its own revision is of a store that began long ago. */
function page(...flunders: readonly (readonly [name: string, resourceVersion: string])[]): string {
  return listOf(flunders, "");
}

function listOf(flunders: readonly (readonly [string, string])[], token: string): string {
  const items = flunders.map(([name, resourceVersion]) => ({
    apiVersion: "flunders.example.com/v1",
    kind: "Flunder",
    metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion },
  }));
  const metadata = { resourceVersion: "999999999", continue: token };
  return JSON.stringify({ kind: "FlunderList", apiVersion: "flunders.example.com/v1", metadata, items });
}
