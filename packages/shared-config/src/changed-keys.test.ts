import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { changedKeys } from "./changed-keys.ts";
import { type LoadedConfig, loadConfig } from "./load-config.ts";

const BASE = {
  store: { type: "s3", endpoint: "http://minio:9000", bucket: "backups", accessKey: "key", secretKey: "one secret" },
  webhook: { keys: [`whsec_${"A".repeat(32)}`] },
  clusters: [{ name: "east", store: { secretKey: "east secret" } }, { name: "west" }],
};

describe("what changed between two configurations", () => {
  it("is nothing where they say the same, wherever it is written", async () => {
    const { store, ...rest } = BASE;
    const bucket = { ...store, bucket: "other" };
    const elsewhere = await loaded({ ...rest, store: bucket }, { MINIO_BUCKET: "backups" });
    expect(changedKeys(await loaded(BASE), elsewhere)).toEqual([]);
  });

  it("names keys and shows no value, of secrets in sections, lists and entries of clusters too", async () => {
    const changed = {
      store: { ...BASE.store, bucket: "other", secretKey: "another secret" },
      webhook: { keys: [`whsec_${"B".repeat(32)}`] },
      clusters: [{ name: "east", store: { secretKey: "new east secret" } }, { name: "west" }],
    };
    const keys = changedKeys(await loaded(BASE), await loaded(changed));
    expect(keys).toEqual(["store.bucket", "store.secretKey", "webhook.keys", "clusters[0].store.secretKey"]);
  });

  it("names what is new and what is gone", async () => {
    const more = { ...BASE, cluster: { environment: "prod" }, batchSize: 3 };
    expect(changedKeys(await loaded(BASE), await loaded(more))).toEqual(["cluster.environment", "batchSize"]);
    expect(changedKeys(await loaded(more), await loaded(BASE))).toEqual(["batchSize", "cluster.environment"]);
  });
});

async function loaded(sections: object, env: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> {
  const file = join(await mkdtemp(join(tmpdir(), "kubeferry-changed-")), "kubeferry.yaml");
  await writeFile(file, JSON.stringify(sections));
  return loadConfig({ files: [file], env });
}
