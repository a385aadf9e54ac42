import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError, type LoadedConfig, loadConfig } from "../index.ts";
import { folderOf } from "../testing/load-yaml.ts";
import { mountedFolder } from "../testing/mounted-folder.ts";

const SECRETS = { "minio-endpoint": "https://minio", MINIO_ACCESS_KEY: "access-1\n", "store.secretKey": "secret-${1}" };

async function load(folders: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<LoadedConfig> {
  return loadConfig({ files: [], folders, env, cwd: "/nowhere" });
}

async function problemsOf(values: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await mountedFolder(values);
  const error = await load([folder]).catch((cause: unknown) => cause);
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems.map(({ path, text, source }) => `${path}: ${text} [${source.replace(folder, "…")}]`);
}

describe("a folder with one file a value", () => {
  it("takes variables' names, the same with dashes, and our own keys; lists one entry a line; values as they are", async () => {
    const secrets = await mountedFolder(SECRETS);
    const settings = await mountedFolder({
      "log.level": "debug\n",
      "backup.filter.alsoTake": "events\nleases.coordination.k8s.io\n",
      "kubernetes.pageSize": "250",
      "gitops.repository.url": "https://git.example.com/acme/fleet.git",
      "gitops.environments.prod.destination.server": "https://prod",
      "label-selector": "",
    });
    const { config, settings: shown } = await load([settings, secrets]);
    expect(config).toMatchObject({
      log: { level: "debug" },
      kubernetes: { pageSize: 250 },
      backup: { filter: { alsoTake: ["events", "leases.coordination.k8s.io"] } },
      gitops: { environments: { prod: { destination: { server: "https://prod" } } } },
      store: { type: "s3", endpoint: "https://minio", bucket: "cluster-backups" },
    });
    if (config.store.type !== "s3") throw new Error("expected an s3 store");
    expect([config.store.accessKey?.reveal(), config.store.secretKey?.reveal()]).toEqual(["access-1", "secret-${1}"]);
    expect(shown).toContainEqual({
      key: "store.secretKey",
      path: ["store", "secretKey"],
      value: "***",
      origin: `folder ${secrets}/store.secretKey`,
    });
    expect(shown).toContainEqual({
      key: "log.level",
      path: ["log", "level"],
      value: "debug",
      origin: `folder ${settings}/log.level`,
    });
  });

  it("stands between files and the environment; of several the later one wins; KUBEFERRY_CONFIG_DIR names them too", async () => {
    const one = await mountedFolder({ ...SECRETS, "minio-bucket": "bucket-1", "batch-size": "1", "log-level": "warn" });
    const two = await mountedFolder({ "minio-bucket": "bucket-2", "batch-size": "2" });
    const cwd = await folderOf({ "kubeferry.yaml": "batchSize: 9\nlog: { level: error, format: json }\n" });
    const env = { BATCH_SIZE: "3", KUBEFERRY_CONFIG_DIR: `${one}${delimiter}${two}` };
    const { config } = await loadConfig({ files: [], env, cwd });
    expect(config).toMatchObject({
      store: { bucket: "bucket-2" },
      batchSize: 3,
      log: { level: "warn", format: "json" },
    });
  });

  it("with unknown names says which one was meant", async () => {
    expect(
      await problemsOf({
        ...SECRETS,
        "filterring-mode": "hybrid",
        MINIO_BUKET: "x",
        "store.buket": "x",
        "something-else": "x",
        "config.yaml": "log: {}",
        "clusters[0].name": "x",
      }),
    ).toEqual([
      "MINIO_BUKET: no value has this name; did you mean MINIO_BUCKET? [folder …/MINIO_BUKET]",
      "clusters[0].name: no value has this name; did you mean cluster.name? [folder …/clusters[0].name]",
      "config.yaml: is a YAML file, not one value; give it as --config [folder …/config.yaml]",
      "filterring-mode: no value has this name; did you mean filtering-mode? [folder …/filterring-mode]",
      "something-else: no value has this name; a file is named by a key such as store.bucket [folder …/something-else]",
      "store.buket: no value has this name; did you mean store.bucket? [folder …/store.buket]",
    ]);
  });

  it("names the file of a value that its key does not take, and shows no secret", async () => {
    const problems = await problemsOf({ ...SECRETS, "batch-size": "many", "minio-bucket": "secret-${1}" });
    expect(problems).toEqual([
      "store.bucket: expected 3 to 63 lower-case letters, digits, '.' and '-' [folder …/minio-bucket]",
      'batchSize: expected 1..1000, got "many" [folder …/batch-size]',
    ]);
  });

  it("may not say one thing twice, in different words", async () => {
    expect(await problemsOf({ ...SECRETS, "minio-bucket": "bucket-1", "store.bucket": "bucket-2" })).toEqual([
      expect.stringMatching(
        /^minio-bucket: says something else than store\.bucket \[folder .*\/store\.bucket\], which means the same; drop one of them \[folder …\/minio-bucket\]$/,
      ),
    ]);
  });

  it("that is not there, is a file, or holds folders, is an error", async () => {
    const folder = await folderOf({ "kubeferry.yaml": "" });
    await mkdir(join(folder, "store.bucket"));
    await expect(load(["absent"])).rejects.toThrow("absent: there is no such folder; check the path");
    await expect(load([join(folder, "kubeferry.yaml")])).rejects.toThrow("is a file; name the folder it is in");
    await expect(load([folder])).rejects.toThrow("store.bucket: is a folder; every value is a file of its own");
  });
});
