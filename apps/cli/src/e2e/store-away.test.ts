import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mirrorView } from "@kubeferry/backup";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { type ObjectStore, prefixed, type StoreHook } from "@kubeferry/object-store";
import { openSeries, verifySnapshot } from "@kubeferry/snapshot";
import { type FreshMinio, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { ordinaryMirror } from "../testing/mirror-settings.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { mountDisk, noSmallDisk } from "../testing/small-disk.ts";
import { freshFolder, s3Store, type TestStore, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };
/** The run after a broken one need not wait for its lease. */
const LEASE_MS = 50;

describe.skipIf(missingServers("minio"))("a store that goes away in the middle of a backup", () => {
  let minio: FreshMinio;
  beforeAll(async () => {
    minio = await servers.freshMinio();
  }, 60_000);
  afterAll(() => minio.stop());

  it.each([
    ["the first bytes", 1, (key: string) => key.includes("/segments/")],
    ["the manifest", 1, (key: string) => key.endsWith("0000000002.json")],
  ])(
    "before %s: nothing is committed, the message names the server, the next run heals",
    { timeout: 120_000 },
    async (_, at, isIt) => {
      const store = await freshBucket();
      await runTestBackup(await configFor("before", store), store.env, undefined, LEASE_MS);
      const killing = killAt(at, isIt);
      await expect(runTestBackup(await configFor("after", store), store.env, killing, LEASE_MS)).rejects.toMatchObject({
        name: "StorageError",
        kind: "unavailable",
        message: expect.stringContaining(minio.endpoint),
      });
      await minio.restart();
      expect((await newest(store)).manifest.sequence).toBe(1);
      const healed = await runTestBackup(await configFor("after", store), store.env, undefined, LEASE_MS);
      expect(healed).toMatchObject({ status: "complete", sequence: 2, failures: [] });
      await expectWhole(store);
    },
  );

  it("in the mirror: the snapshot counts, the report says what the mirror lacks, the next run brings it up", {
    timeout: 120_000,
  }, async () => {
    const store = await freshBucket();
    const killing = killAt(2, (key) => key.endsWith(".yaml"));
    const report = await runTestBackup(await configFor("before", store), store.env, killing, LEASE_MS);
    expect(report).toMatchObject({ status: "partial", sequence: 1 });
    expect(report.failures.map(({ kind }) => kind)).toContain("unavailable");
    await minio.restart();
    expect((await newest(store)).manifest.sequence).toBe(1);
    const healed = await runTestBackup(await configFor("before", store), store.env, undefined, LEASE_MS);
    expect(healed.status).toBe("complete");
    expect(healed.mirror.put).toBeGreaterThan(0);
    await expectWhole(store);
  });

  it("and does not come back ends the command with 2 and one line that says where it was", {
    timeout: 120_000,
  }, async () => {
    const store = await freshBucket();
    const config = await configFor("before", store);
    await minio.kill();
    const result = await kubeferry(["backup", "--config", config], { env: store.env });
    await minio.restart();
    expect(result.code, result.stderr).toBe(2);
    expect(result.stderr).toContain(`nothing listens at ${minio.endpoint} (ECONNREFUSED)`);
  });

  async function freshBucket(): Promise<TestStore> {
    return s3Store(minio);
  }

  /** Ends the server before the n-th put of such a key. */
  function killAt(n: number, isIt: (key: string) => boolean): StoreHook {
    const seen = { puts: 0 };
    return ({ operation, key, phase }) => {
      if (operation === "put" && phase === "before" && isIt(key) && ++seen.puts === n) void minio.kill();
    };
  }
});

const reason = noSmallDisk();

describe("a disk that fills up in the middle of a backup", () => {
  it.skipIf(reason)(
    "commits nothing and leaves no temporary files; with room again the next run is complete",
    { timeout: 60_000, meta: { skipReason: reason ?? "" } },
    async () => {
      const disk = mountDisk(512);
      closing.push(() => disk.close());
      const root = join(disk.path, "store");
      const store: TestStore = { section: { type: "folder", path: root }, env: {} };
      await runTestBackup(await configFor("before", store), {}, undefined, LEASE_MS);
      const filler: string[] = [];
      const fill: StoreHook = ({ operation, key, phase }) => {
        if (operation === "put" && phase === "before" && key.includes("/segments/")) filler.push(disk.fillUp());
      };
      await expect(runTestBackup(await configFor("after", store), {}, fill, LEASE_MS)).rejects.toMatchObject({
        name: "StorageError",
        kind: "unavailable",
        message: expect.stringMatching(/the file system is full; free space, or move store\.path/),
      });
      expect(await readdir(join(root, ".kubeferry-store"))).toEqual(["lock"]);
      expect((await newest(store)).manifest.sequence).toBe(1);
      for (const file of filler) await rm(file, { force: true });
      const healed = await runTestBackup(await configFor("after", store), {}, undefined, LEASE_MS);
      expect(healed).toMatchObject({ status: "complete", sequence: 2 });
      await expectWhole(store);
    },
  );
});

const replays: ReplayServer[] = [];
const closing: Array<() => void> = [];
afterEach(async () => {
  for (const replay of replays.splice(0)) await replay.close();
  for (const close of closing.splice(0)) close();
});

async function configFor(state: "before" | "after", store: TestStore): Promise<string> {
  const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
  replays.push(replay);
  const kubeconfig = join(await freshFolder(), "kubeconfig");
  await writeFile(kubeconfig, replay.kubeconfig);
  const retry = { attempts: 2, delay: "50ms" };
  return writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig }, store: store.section, retry });
}

async function rootOf(store: TestStore): Promise<ObjectStore> {
  return prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
}

async function newest(store: TestStore) {
  const snapshot = await openSeries(await rootOf(store), "default").newest(testCall);
  if (snapshot === undefined) throw new Error("there is no snapshot");
  return snapshot;
}

async function expectWhole(store: TestStore): Promise<void> {
  const root = await rootOf(store);
  const result = await verifySnapshot(await newest(store), root, testCall, { mirror: mirrorView(ordinaryMirror) });
  expect(result.problems).toEqual([]);
}
