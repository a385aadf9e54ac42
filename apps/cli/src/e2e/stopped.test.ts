import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mirrorView } from "@kubeferry/backup";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { BackupReport } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { openSeries, type Snapshot, verifySnapshot } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { type CliResult, jsonOf, kubeferry, type StartedCli, startKubeferry } from "../testing/cli.ts";
import { type GatedReplay, gatedReplay } from "../testing/gated-replay.ts";
import { type HoldingProxy, holdingProxy } from "../testing/holding-proxy.ts";
import { ordinaryMirror } from "../testing/mirror-settings.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, s3Store, type TestStore, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };
/** What ends within it did not wait for a `shutdownTimeout` of ten minutes, nor for an answer that never comes. */
const LIMIT = { timeout: 60_000 };

describe.skipIf(missingServers("minio"))("a backup that is told to stop", () => {
  let proxy: HoldingProxy;
  let cluster: GatedReplay;
  let replay: ReplayServer;
  beforeAll(async () => {
    proxy = await holdingProxy((await servers.minio()).endpoint);
    cluster = await gatedReplay(await smallCluster("before"));
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
  }, 60_000);
  afterAll(async () => {
    proxy?.close();
    await Promise.all([cluster?.close(), replay?.close()]);
  });

  it("while it lists leaves the snapshot, says so, and the next one need not wait for its lease", LIMIT, async () => {
    const store = await freshStore();
    const listed = Promise.withResolvers<void>();
    cluster.gate = (path) => {
      if (!path.includes("/deployments")) return Promise.resolve(undefined);
      listed.resolve();
      return new Promise(() => undefined);
    };
    const config = await configOf(store, cluster.kubeconfig, { shutdownTimeout: "10m" });
    const run = await begin(config, store);
    await listed.promise;
    const stopped = await told(run, "SIGTERM");
    expect(stopped.code, stopped.stderr).toBe(143);
    expect(jsonOf<BackupReport & { error: string }>(stopped)).toMatchObject({
      status: "interrupted",
      snapshot: "",
      error: expect.stringContaining("stopped by SIGTERM"),
    });
    expect(logged(stopped, "shutdown")).toMatchObject([{ level: "info", data: { signal: "SIGTERM" } }]);
    expect(logged(stopped, "backup_complete")).toMatchObject([{ level: "warn", data: { status: "interrupted" } }]);
    expect(await newest(store)).toBeUndefined();
    cluster.gate = () => Promise.resolve(undefined);
    const again = await backup(config, store);
    expect(jsonOf<BackupReport>(again)).toMatchObject({ status: "complete", sequence: 1 });
    expect(logged(again, "lease")).toEqual([]);
    // Whoever stops a run says nothing about its cluster: no failed run is counted.
    expect((await newest(store))?.manifest.counters).toMatchObject({ failedRuns: 0, durations: { count: 1 } });
  });

  it("while it commits finishes the snapshot, and leaves the mirror to the next one", LIMIT, async () => {
    const store = await freshStore();
    const manifest = proxy.hold((request) => /^PUT .*\/0000000001\.json/.test(request));
    const config = await configOf(store);
    const run = await begin(config, store);
    await manifest.arrived;
    const ended = told(run, "SIGINT");
    await run.says(/"operation":"shutdown"/);
    manifest.release();
    const stopped = await ended;
    expect(stopped.code, stopped.stderr).toBe(130);
    const report = jsonOf<BackupReport>(stopped);
    expect(report).toMatchObject({ status: "interrupted", sequence: 1, mirror: { put: 0 }, failures: [] });
    expect((await newest(store))?.manifest).toMatchObject({ complete: true, objects: report.objects });
    await expectNextMakesItWhole(config, store);
  });

  it("while it writes the mirror finishes the files that are on their way, and no other", LIMIT, async () => {
    const store = await freshStore();
    const file = proxy.hold((request) => /^PUT .*\.yaml/.test(request));
    const config = await configOf(store, replay, { batchSize: 1 });
    const run = await begin(config, store);
    await file.arrived;
    const ended = told(run, "SIGTERM");
    await run.says(/"operation":"shutdown"/);
    file.release();
    const stopped = await ended;
    expect(stopped.code, stopped.stderr).toBe(143);
    expect(jsonOf<BackupReport>(stopped)).toMatchObject({ status: "interrupted", mirror: { put: 1, deleted: 0 } });
    await expectNextMakesItWhole(config, store);
  });

  it("leaves a request that hangs when shutdownTimeout is over, or when it is told again", LIMIT, async () => {
    const store = await freshStore();
    for (const timeout of ["1s", "10m"]) {
      const manifest = proxy.hold((request) => /^PUT .*\/_snapshots\/default\//.test(request));
      const config = await configOf(store, replay, { shutdownTimeout: timeout });
      const run = await begin(config, store);
      await manifest.arrived;
      const ended = told(run, "SIGTERM");
      await run.says(/"operation":"shutdown"/);
      if (timeout === "10m") run.kill("SIGTERM");
      const stopped = await ended;
      expect(stopped.code, stopped.stderr).toBe(143);
      expect(logged(stopped, "shutdown").map(({ level }) => level)).toEqual(["info", "warn"]);
      expect(jsonOf<BackupReport>(stopped)).toMatchObject({ status: "interrupted", snapshot: "" });
      expect(await newest(store)).toBeUndefined();
    }
    const again = await backup(await configOf(store), store);
    expect(jsonOf<BackupReport>(again)).toMatchObject({ status: "complete", sequence: 1 });
  });

  /** Its requests go through the proxy. */
  async function freshStore(): Promise<TestStore> {
    const { section, env } = await s3Store(await servers.minio());
    return { section: { ...section, endpoint: proxy.url }, env };
  }

  async function configOf(
    store: TestStore,
    kubernetes: string | ReplayServer = replay,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    if (typeof kubernetes !== "string") await writeFile(kubeconfig, kubernetes.kubeconfig);
    else await writeFile(kubeconfig, kubernetes);
    return writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig }, store: store.section, ...more });
  }

  async function expectNextMakesItWhole(config: string, store: TestStore): Promise<void> {
    const next = await backup(config, store);
    expect(jsonOf<BackupReport>(next)).toMatchObject({ status: "complete", sequence: 2 });
    const snapshot = await newest(store);
    if (snapshot === undefined) throw new Error("no snapshot");
    const mirror = mirrorView({ ...ordinaryMirror, backup: { ...ordinaryMirror.backup, secrets: "withhold" } });
    expect((await verifySnapshot(snapshot, await rootOf(store), testCall, { mirror })).problems).toEqual([]);
  }
});

async function newest(store: TestStore): Promise<Snapshot | undefined> {
  return openSeries(await rootOf(store), "default").newest(testCall);
}

async function rootOf(store: TestStore): Promise<ObjectStore> {
  return prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
}

function begin(config: string, { env }: TestStore): Promise<StartedCli> {
  return startKubeferry(["backup", "--output", "json", "--config", config], { env });
}

function backup(config: string, { env }: TestStore): Promise<CliResult> {
  return kubeferry(["backup", "--output", "json", "--config", config], { env });
}

/** Sends it a signal. @returns how it ended */
function told(run: StartedCli, signal: NodeJS.Signals): Promise<CliResult> {
  run.kill(signal);
  return run.ended;
}

interface Line {
  readonly level: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

function logged({ stderr }: CliResult, operation: string): Line[] {
  const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line)).filter((line) => line.operation === operation);
}
