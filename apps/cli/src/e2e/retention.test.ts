import { readdir, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { BackupReport } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import { acquireLease } from "@kubeferry/snapshot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const ROOT = "example.internal/small";
const TWO_DAYS_S = 2 * 24 * 60 * 60;

describe("retention", () => {
  const replays: ReplayServer[] = [];
  const kubeconfigs: string[] = [];

  beforeAll(async () => {
    for (const state of ["before", "after"] as const) {
      const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
      const kubeconfig = join(await freshFolder(), "kubeconfig");
      await writeFile(kubeconfig, replay.kubeconfig);
      replays.push(replay);
      kubeconfigs.push(kubeconfig);
    }
  });
  afterAll(async () => void (await Promise.all(replays.map((replay) => replay.close()))));

  it("lets a complete backup remove what its policy does not keep, and says what went", {
    timeout: 60_000,
  }, async () => {
    const store = await freshStore();
    for (const _ of [1, 2, 3]) await runTestBackup(await configOf(store, { retention: { keepLast: 2 } }), {});
    const config = await configOf(store, { retention: { keepLast: 2 } });
    const json = jsonOf<BackupReport>(await kubeferry(["backup", "--config", config, "--output", "json"]));
    expect(json).toMatchObject({ status: "complete", pruned: { snapshots: 1, blobs: 0, later: [] } });
    const text = await kubeferry(["backup", "--config", config]);
    expect(text.stdout).toContain("  retention: 1 snapshot and 0 blobs removed (");
    expect(await manifestsIn(store)).toEqual(["0000000004.json", "0000000005.json"]);
  });

  it("goes by the cluster's environment where one is written for it", { timeout: 60_000 }, async () => {
    const store = await freshStore();
    const retention = { keepLast: 1, byEnvironment: { prod: { keepLast: 3 }, dev: {} } };
    const of = (environment: string) => configOf(store, { retention, cluster: { environment } });
    for (const _ of [1, 2, 3]) await runTestBackup(await of("prod"), {});
    expect(await runTestBackup(await of("dev"), {})).toMatchObject({ pruned: null });
    expect(await manifestsIn(store)).toHaveLength(4);
    expect(await runTestBackup(await of("prod"), {})).toMatchObject({ pruned: { snapshots: 2 } });
    expect(await runTestBackup(await of("test"), {})).toMatchObject({ pruned: { snapshots: 3 } });
  });

  it("removes nothing after a backup when it is left to hand, or nothing is configured", {
    timeout: 60_000,
  }, async () => {
    const store = await freshStore();
    for (const retention of [{}, { keepLast: 1, run: "manual" }, {}]) {
      expect(await runTestBackup(await configOf(store, { retention }), {})).toMatchObject({ pruned: null });
    }
    expect(await manifestsIn(store)).toHaveLength(3);
  });

  it("removes nothing while a manifest is damaged: the run is partial, the snapshot stands", {
    timeout: 60_000,
  }, async () => {
    const store = await freshStore();
    const config = await configOf(store, { retention: { keepLast: 1, run: "manual" } });
    for (const _ of [1, 2]) await runTestBackup(config, {});
    await writeFile(join(store, ROOT, "_snapshots/default/0000000001.json"), "{");
    const report = await runTestBackup(await configOf(store, { retention: { keepLast: 1 } }), {});
    expect(report).toMatchObject({
      status: "partial",
      sequence: 3,
      pruned: { snapshots: 0, blobs: 0 },
      failures: [{ target: "prune _snapshots/default/0000000001.json", kind: "damaged" }],
    });
    expect(await manifestsIn(store)).toHaveLength(3);
    const byHand = await kubeferry(["snapshots", "prune", "--config", config]);
    expect(byHand).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(
        "nothing is removed while this cannot be read: _snapshots/default/0000000001.json",
      ),
    });
  });

  it("by hand: says first why each snapshot stays, then removes the rest and the bytes only it named", {
    timeout: 60_000,
  }, async () => {
    const store = await freshStore();
    const retention = { keepLast: 2, run: "manual" };
    await runTestBackup(await configOf(store, { retention }, "before"), {});
    const config = await configOf(store, { retention }, "after");
    for (const _ of [1, 2]) await runTestBackup(config, {});
    await makeOld(store);
    const blobs = (await blobsIn(store)).length;
    const dry = await kubeferry(["snapshots", "prune", "--dry-run", "--config", config]);
    expect(dry.stdout).toMatch(
      /^1 .* complete +would be removed\n2 .* keepLast 2\n3 .* newest, newest complete, keepLast 2, mirror$/m,
    );
    const [, foretold = ""] = /and (\d+) blobs would be removed/.exec(dry.stdout) ?? [];
    expect(Number(foretold)).toBeGreaterThan(3);
    expect((await manifestsIn(store)).length + (await blobsIn(store)).length).toBe(3 + blobs);
    const done = await kubeferry(["snapshots", "prune", "--config", config, "--output", "json"]);
    expect(jsonOf(done)).toMatchObject({
      dryRun: false,
      removed: { snapshots: 1, blobs: Number(foretold) },
      snapshots: [{ sequence: 1, reasons: [] }, { sequence: 2 }, { sequence: 3 }],
    });
    expect(await blobsIn(store)).toHaveLength(blobs - Number(foretold));
    expect(await kubeferry(["snapshots", "verify", "2", "--config", config])).toMatchObject({ code: 0 });
    expect(await kubeferry(["snapshots", "verify", "--config", config])).toMatchObject({ code: 0 });
  });

  it("is given up with the message of the run that is at work, and so is a second backup", {
    timeout: 60_000,
  }, async () => {
    const path = await freshStore();
    const config = await configOf(path, { retention: { keepLast: 1 } });
    await runTestBackup(config, {});
    const store = prefixed(await openStore({ type: "folder", path }), `${ROOT}/`);
    const asked = { store, series: "default", runId: "nightly", work: "backup", ttlMs: 3000 } as const;
    const lease = await acquireLease({ ...asked, now: () => new Date("2026-11-21T06:00:00Z") }, testCall);
    for (const command of [["backup"], ["snapshots", "prune"]]) {
      const result = await kubeferry([...command, "--config", config]);
      expect(result.code).toBe(2);
      expect(result.stderr).toContain("busy: run nightly (backup) is at work since 2026-11-21T06:00:00.000Z");
    }
    await lease.release({ failed: false }, testCall);
    expect(await kubeferry(["snapshots", "prune", "--config", config])).toMatchObject({ code: 0 });
  });

  it("leaves no lease behind for a cluster that has no snapshot", async () => {
    const store = await freshStore();
    const config = await configOf(store, {});
    await rm(join(store, ROOT), { recursive: true, force: true });
    const result = await kubeferry(["snapshots", "prune", "--config", config]);
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining("has no snapshot yet") });
    expect(await readdir(store).catch(() => [])).not.toContain("example.internal");
  });

  async function freshStore(): Promise<string> {
    return join(await freshFolder(), "store");
  }

  function configOf(
    path: string,
    sections: { retention?: object; cluster?: object },
    state = "before",
  ): Promise<string> {
    return writeConfig({
      kubernetes: { kubeconfig: kubeconfigs[state === "before" ? 0 : 1] },
      store: { type: "folder", path },
      ...sections,
      cluster: { name: "small", domain: "example.internal", ...sections.cluster },
    });
  }
});

async function manifestsIn(store: string): Promise<string[]> {
  return (await readdir(join(store, ROOT, "_snapshots/default"))).sort();
}

async function blobsIn(store: string): Promise<string[]> {
  const folders = ["segments", "state", "api"].map((kind) => join(store, ROOT, "_snapshots", kind));
  const names = await Promise.all(folders.map(async (path) => (await readdir(path)).map((name) => join(path, name))));
  return names.flat();
}

/** A folder's clock is the time of its files. */
async function makeOld(store: string): Promise<void> {
  const then = Date.now() / 1000 - TWO_DAYS_S;
  for (const path of await blobsIn(store)) await utimes(path, then, then);
}
