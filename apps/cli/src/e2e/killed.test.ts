import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mirrorView } from "@kubeferry/backup";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { openSeries, type Snapshot, verifySnapshot } from "@kubeferry/snapshot";
import { missingServers } from "@kubeferry/testbed";
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const SCRIPT = fileURLToPath(new URL("../testing/killable-backup.ts", import.meta.url));
const CLUSTER = { name: "small", domain: "example.internal" };
/** How far into a run it is killed; the first run of the small cluster makes about this many requests. */
const MAX_K = process.env.SOAK === "1" ? 500 : 50;
const AT_ONCE = 2;

const stores = [
  { name: "MinIO" as const, reason: missingServers("minio") },
  { name: "folder" as const, reason: undefined },
];

describe.each(stores)("a backup to $name that is killed around any request to the store", ({ name, reason }) => {
  let before: ReplayServer;
  let after: ReplayServer;

  beforeAll(async () => {
    before = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
    after = await serveSnapshot(await smallCluster("after"), { port: 0 }, testCall);
  });
  afterAll(async () => {
    await before.close();
    await after.close();
  });

  it.skipIf(reason)(
    "leaves the snapshot before or the new one; the next run ends complete and so does the mirror",
    { timeout: 900_000 },
    async () => {
      const cases = Array.from({ length: MAX_K }, (_, index) => index + 1).flatMap((k) => [
        { k, phase: "before" },
        { k, phase: "after" },
      ]);
      const outcomes = await pMap(cases, (each) => killAndGoOn(each), { concurrency: AT_ONCE });
      // Both kinds of death were met: before the commit and after it.
      expect(new Set(outcomes)).toEqual(new Set(["before the commit", "after the commit", "ran to its end"]));
    },
  );

  async function killAndGoOn({ k, phase }: { k: number; phase: string }): Promise<string> {
    const at = `killed ${phase} request ${k}`;
    const store = await freshStores[name]();
    expect(await runTestBackup(await configOf(before, store), store.env), at).toMatchObject({ status: "complete" });
    const config = await configOf(after, store);
    const died = await runAndKill(config, store, k, phase);
    const found = await newest(store);
    expect([1, 2], at).toContain(found.manifest.sequence);
    expect(await problems(found, store, false), at).toEqual([]);
    expect(await runTestBackup(config, store.env), at).toMatchObject({ status: "complete" });
    const now = await newest(store);
    expect(now.manifest, at).toMatchObject({ complete: true, sequence: found.manifest.sequence + 1 });
    expect(await problems(now, store, true), at).toEqual([]);
    if (!died) return "ran to its end";
    return found.manifest.sequence === 1 ? "before the commit" : "after the commit";
  }
});

async function newest(store: TestStore): Promise<Snapshot> {
  const snapshot = await openSeries(await rootOf(store), "default").newest(testCall);
  if (snapshot === undefined) throw new Error("no snapshot");
  return snapshot;
}

async function problems(snapshot: Snapshot, store: TestStore, mirrorToo: boolean): Promise<readonly object[]> {
  const root = await rootOf(store);
  return (await verifySnapshot(snapshot, root, testCall, mirrorToo ? { mirror: mirrorView("withhold") } : {})).problems;
}

async function rootOf(store: TestStore): Promise<ObjectStore> {
  return prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
}

async function configOf(cluster: ReplayServer, store: TestStore): Promise<string> {
  const kubeconfig = join(await freshFolder(), "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig);
  return writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig }, store: store.section });
}

/** @returns whether it died; false when it made fewer requests than k */
async function runAndKill(config: string, store: TestStore, k: number, phase: string): Promise<boolean> {
  const child = spawn(process.execPath, ["--conditions=kubeferry-source", SCRIPT, config, String(k), phase], {
    env: { PATH: process.env.PATH ?? "", ...store.env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exit, by) => resolve({ code: exit, signal: by }));
    },
  );
  expect(code === 0 || signal === "SIGKILL", `exit ${code}, signal ${signal}`).toBe(true);
  return signal === "SIGKILL";
}
