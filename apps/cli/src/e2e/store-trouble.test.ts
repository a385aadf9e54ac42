import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { StorageError, type StoreHook } from "@kubeferry/object-store";
import { afterEach, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const ROOT = "example.internal/small";

describe("a backup to a store in trouble", () => {
  const replays: ReplayServer[] = [];
  afterEach(async () => {
    for (const replay of replays.splice(0)) await replay.close();
  });

  it("counts as done, with a failure, when the snapshot before has lost what tells the changes", async () => {
    const path = join(await freshFolder(), "store");
    await runTestBackup(await configFor("before", path), {});
    await rm(join(path, ROOT, "_snapshots", "state"), { recursive: true });
    const report = await runTestBackup(await configFor("after", path), {});
    expect(report).toMatchObject({ status: "partial", sequence: 2, objects: 15 });
    expect(report.failures).toMatchObject([{ target: "count of changes", kind: "damaged" }]);
    expect(report.mirror.put).toBeGreaterThan(0);
    expect(await runTestBackup(await configFor("after", path), {})).toMatchObject({ status: "complete", sequence: 3 });
  });

  it("says that the store refuses bytes, and not that the cluster could not be read", async () => {
    const path = join(await freshFolder(), "store");
    const refuse: StoreHook = ({ operation, key, phase }) => {
      if (operation !== "put" || phase !== "before") return;
      throw new StorageError({ kind: "denied", who: "test", operation: `put ${key}`, problem: "no right to write" });
    };
    await expect(runTestBackup(await configFor("before", path), {}, refuse)).rejects.toThrow(StorageError);
  });

  it("refuses another cluster under this name also for the first snapshot of another series", async () => {
    const path = join(await freshFolder(), "store");
    const config = await configFor("before", path, { backup: { series: "nightly" } });
    await runTestBackup(await configFor("before", path), {});
    const manifest = join(path, ROOT, "_snapshots/default/0000000001.json");
    const text = await readFile(manifest, "utf8");
    await writeFile(manifest, text.replaceAll('"uid":"u-kube-system"', '"uid":"another-cluster"'));
    await expect(runTestBackup(config, {})).rejects.toThrow(/wrong-cluster.*another-cluster/);
    expect(await readdir(join(path, ROOT, "_snapshots"))).not.toContain("nightly");
    await writeFile(manifest, "{}");
    expect((await runTestBackup(config, {})).sequence).toBe(1);
  });

  it.each([1, 3])("has no more than %i requests to the store under way with that batchSize", async (batchSize) => {
    const path = join(await freshFolder(), "store");
    const puts = { now: 0, most: 0 };
    const count: StoreHook = ({ operation, phase }) => {
      if (operation !== "put") return;
      puts.now += phase === "before" ? 1 : -1;
      puts.most = Math.max(puts.most, puts.now);
    };
    await runTestBackup(await configFor("before", path, { batchSize }), {}, count);
    expect(puts.most).toBeLessThanOrEqual(batchSize);
  });

  async function configFor(state: "before" | "after", path: string, more: object = {}): Promise<string> {
    const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
    replays.push(replay);
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    return writeConfig({
      cluster: { name: "small", domain: "example.internal" },
      kubernetes: { kubeconfig },
      store: { type: "folder", path },
      ...more,
    });
  }
});
