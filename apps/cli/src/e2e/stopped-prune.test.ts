import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { prefixed } from "@kubeferry/object-store";
import { openSeries, type PruneResult, verifySnapshot } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry, startKubeferry } from "../testing/cli.ts";
import { type HoldingProxy, holdingProxy } from "../testing/holding-proxy.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, s3Store, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };

describe.skipIf(missingServers("minio"))("a prune that is told to stop", () => {
  let proxy: HoldingProxy;
  let replay: ReplayServer;
  beforeAll(async () => {
    proxy = await holdingProxy((await servers.minio()).endpoint);
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  }, 60_000);
  afterAll(async () => {
    proxy?.close();
    await replay?.close();
  });

  it("ends the removal on its way and begins no other; the next one removes the rest", {
    timeout: 180_000,
  }, async () => {
    const { section, env } = await s3Store(await servers.minio());
    const store = { section: { ...section, endpoint: proxy.url }, env };
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    const config = await writeConfig({
      cluster: CLUSTER,
      kubernetes: { kubeconfig },
      store: store.section,
      retention: { keepLast: 1, run: "manual" },
      log: { format: "json" },
    });
    for (const _ of [1, 2, 3, 4]) await runTestBackup(config, env);
    const series = openSeries(prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`), "default");
    const left = async (): Promise<number[]> => {
      const found: number[] = [];
      for await (const { sequence } of series.list(testCall)) found.push(sequence);
      return found;
    };
    const prune = ["snapshots", "prune", "--cluster", CLUSTER.name, "--output", "json", "--config", config];

    const removal = proxy.hold((request) => /^DELETE .*\/0000000001\.json/.test(request));
    const stopped = await startKubeferry(prune, { env });
    await removal.arrived;
    stopped.kill("SIGTERM");
    await stopped.says(/"operation":"shutdown"/);
    removal.release();
    const ended = await stopped.ended;
    expect(ended.code, ended.stderr).toBe(143);
    expect(jsonOf<PruneResult>(ended)).toMatchObject({ interrupted: true, removed: { snapshots: 1 }, failures: [] });
    expect(await left()).toEqual([2, 3, 4]);

    const next = await kubeferry(prune, { env });
    expect(next.code, next.stderr).toBe(0);
    // Nobody holds the lease any more: it would wait half a minute, and say so.
    expect(next.stderr).not.toContain('"operation":"lease"');
    expect(jsonOf<PruneResult>(next)).toMatchObject({ interrupted: false, removed: { snapshots: 2 } });
    expect(await left()).toEqual([4]);
    const newest = await series.at(4, testCall);
    const root = prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
    expect((await verifySnapshot(newest, root, testCall)).problems).toEqual([]);
  });
});
