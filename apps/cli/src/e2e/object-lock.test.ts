import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import type { BackupReport } from "@kubeferry/model";
import { prefixed } from "@kubeferry/object-store";
import { openSeries } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, type TestStore, writeConfig } from "../testing/workspace.ts";

const ROOT = "example.internal/small/";
const FIRST = "_snapshots/default/0000000001.json";

describe.skipIf(missingServers("minio"))("a bucket in which nobody can remove anything for a day (COMPLIANCE)", () => {
  const replays: ReplayServer[] = [];

  beforeAll(async () => {
    for (const state of ["before", "after"] as const) {
      replays.push(await serveSnapshot(await smallCluster(state), { port: 0 }, testCall));
    }
  });
  afterAll(async () => void (await Promise.all(replays.map((replay) => replay.close()))));

  it("takes backups and mirror updates; prune leaves what is protected for later, and all of it stays readable", {
    timeout: 120_000,
  }, async () => {
    const store = await lockedStore();
    const before = await backup(store, replays[0], {});
    expect(before).toMatchObject({ status: "complete", sequence: 1, pruned: null });
    const retention = { keepLast: 1, gcGrace: "1m" };
    const after = await backup(store, replays[1], retention);
    // The mirror let go of the object that is gone, and shows the ones that changed.
    expect(after).toMatchObject({ status: "complete", sequence: 2, mirror: { deleted: 1 }, failures: [] });
    expect(after.mirror.put).toBeGreaterThan(3);
    const protectedFirst = { key: FIRST, until: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) };
    expect(after.pruned).toEqual({ snapshots: 0, blobs: 0, bytes: 0, later: [protectedFirst] });

    const config = await configOf(store, replays[1], retention);
    const byHand = await kubeferry(["snapshots", "prune", "--config", config], { env: store.env });
    expect(byHand.stdout).toMatch(/^1 .* complete +protected until \d{4}-.*\n2 .* keepLast 1, mirror$/m);
    expect(byHand).toMatchObject({ code: 0, stdout: expect.stringContaining("0 snapshots and 0 blobs removed") });

    const root = prefixed(await openTestStore(store), ROOT);
    // No delete marker stands before what was protected.
    expect(await root.head(FIRST, testCall)).toMatchObject({ lockedUntil: expect.any(Date) });
    const series = openSeries(root, "default");
    for (const { sequence, objects } of [before, after]) {
      let read = 0;
      for await (const object of (await series.at(sequence, testCall)).objects(() => true, testCall)) {
        if (!object.readable) throw new Error(`${object.key} is encrypted, and nothing was to be`);
        expect(JSON.parse(object.line.toString("utf8"))).toHaveProperty("metadata.name");
        read++;
      }
      expect(read).toBe(objects);
      const verified = await kubeferry(["snapshots", "verify", String(sequence), "--config", config], {
        env: store.env,
      });
      expect(verified).toMatchObject({ code: 0 });
    }
  });

  async function lockedStore(): Promise<TestStore> {
    const { endpoint, region, accessKey, secretKey, freshLockedBucket } = await servers.minio();
    const bucket = await freshLockedBucket(1);
    const keys = { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "${MINIO_SECRET_KEY}" };
    return {
      section: { type: "s3", endpoint, region, bucket, ...keys },
      env: { MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey },
    };
  }

  async function backup(store: TestStore, replay: ReplayServer | undefined, retention: object): Promise<BackupReport> {
    const config = await configOf(store, replay, retention);
    return jsonOf(await kubeferry(["backup", "--config", config, "--output", "json"], { env: store.env }));
  }

  async function configOf(store: TestStore, replay: ReplayServer | undefined, retention: object): Promise<string> {
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay?.kubeconfig ?? "");
    const cluster = { name: "small", domain: "example.internal" };
    return writeConfig({ cluster, kubernetes: { kubeconfig }, store: store.section, retention });
  }
});
