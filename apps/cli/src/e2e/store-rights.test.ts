import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { type MinioServer, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, type TestStore, writeConfig } from "../testing/workspace.ts";

const PAGE = new URL("../../../../docs/stores.md", import.meta.url);
const CLUSTER = { name: "small", domain: "example.internal" };
const PREFIX = `${CLUSTER.domain}/${CLUSTER.name}`;

describe.skipIf(missingServers("minio"))("the rights that docs/stores.md gives", () => {
  let minio: MinioServer;
  const replays: ReplayServer[] = [];
  beforeAll(async () => {
    minio = await servers.minio();
  });
  afterAll(async () => {
    for (const replay of replays) await replay.close();
  });

  it("suffice for two backups with a mirror, and end at the cluster's prefix", { timeout: 60_000 }, async () => {
    const store = await storeWith(0);
    expect(await backUp("before", store)).toMatchObject({ status: "complete", sequence: 1 });
    const later = await backUp("after", store);
    expect(later).toMatchObject({ status: "complete", sequence: 2 });
    expect(later.mirror.deleted).toBeGreaterThan(0);
    const bucket = await openTestStore(store);
    const denied = { name: "StorageError", kind: "denied" };
    const other = "example.internal/another/_snapshots/default/0000000001.json";
    await expect(bucket.get(other, testCall)).rejects.toMatchObject(denied);
    await expect(bucket.put(other, new Uint8Array(), {}, testCall)).rejects.toMatchObject(denied);
    await expect(bucket.delete(other, testCall)).rejects.toMatchObject(denied);
    await expect(
      bucket.list("example.internal/another/", {}, testCall)[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject(denied);
    await expect(bucket.list("", {}, testCall)[Symbol.asyncIterator]().next()).rejects.toMatchObject(denied);
  });

  it("suffice without the right to remove snapshots, and then refuse it", { timeout: 60_000 }, async () => {
    const store = await storeWith(1);
    await backUp("before", store);
    expect(await backUp("after", store)).toMatchObject({ status: "complete", sequence: 2 });
    const manifest = `${PREFIX}/_snapshots/default/0000000001.json`;
    const bucket = await openTestStore(store);
    await expect(bucket.delete(manifest, testCall)).rejects.toMatchObject({ kind: "denied" });
    expect(await bucket.head(manifest, testCall)).toBeDefined();
  });

  /** A bucket with a user who has the n-th policy of the page. */
  async function storeWith(n: number): Promise<TestStore> {
    const bucket = await minio.freshBucket();
    const blocks = [...(await readFile(PAGE, "utf8")).matchAll(/```json\n(.*?)```/gs)].map(([, text]) => text ?? "");
    const policy = blocks[n]?.replaceAll("BUCKET", bucket).replaceAll("PREFIX", PREFIX) ?? "";
    const user = await minio.freshUser(JSON.parse(policy) as object);
    const { endpoint, region } = minio;
    const keys = { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "${MINIO_SECRET_KEY}" };
    const env = { MINIO_ACCESS_KEY: user.accessKey, MINIO_SECRET_KEY: user.secretKey };
    return { section: { type: "s3", endpoint, bucket, region, ...keys }, env };
  }

  async function backUp(state: "before" | "after", store: TestStore) {
    const replay = await serveSnapshot(await smallCluster(state), { port: 0 }, testCall);
    replays.push(replay);
    const kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
    const config = await writeConfig({ cluster: CLUSTER, kubernetes: { kubeconfig }, store: store.section });
    return runTestBackup(config, store.env);
  }
});
