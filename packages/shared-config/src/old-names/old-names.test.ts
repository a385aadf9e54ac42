import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";
const MINIO = { MINIO_ENDPOINT: "https://minio", MINIO_ACCESS_KEY: "aaaa", MINIO_SECRET_KEY: "bbbb" };

describe("old keys", () => {
  it("that say something else than a new key, or than another old one, are errors that name both places", async () => {
    expect(
      await problemsOfTexts(
        [
          `
store: { type: s3, bucket: bucket-1 }
storage: { bucket: bucket-2 }
batchSize: 50
backup: { behavior: { batch_size: "50" }, minio: { endpoint: "https://one" } }
gitops: { minio: { endpoint: "https://two" }, repository: { url: /r.git } }
batch-size: 51
`,
        ],
        { env: MINIO },
      ),
    ).toEqual([
      "storage.bucket: says something else than store.bucket [a.yaml:2], which means the same; drop one of them [a.yaml:3]",
      "gitops.minio.endpoint: says something else than backup.minio.endpoint [a.yaml:5], and both mean store.endpoint; drop one of them [a.yaml:6]",
      "batch-size: says something else than backup.behavior.batch_size [a.yaml:5], and both mean batchSize; drop one of them [a.yaml:7]",
    ]);
  });

  it("win over earlier sources and lose against later ones, like new keys", async () => {
    const { config } = await loadTexts([`${FOLDER}batchSize: 1\n`, "backup: { behavior: { batch_size: 2 } }\n"]);
    expect(config.batchSize).toBe(2);
    const later = await loadTexts([`${FOLDER}backup: { behavior: { batch_size: 2 } }\n`, "batchSize: 3\n"]);
    expect(later.config.batchSize).toBe(3);
  });

  it("lay single values over a section that is written short", async () => {
    const { config } = await loadTexts([`${FOLDER}backup: { mirror: false }\nretention: 30\n`], {
      env: { MAX_RESOURCE_SIZE: "1Mi" },
    });
    expect(config.backup.mirror).toMatchObject({ enabled: false, maxResourceBytes: 2 ** 20 });
    expect(config.retention.withinMs).toBe(30 * 86_400_000);
  });

  it("that are unknown, or hold what they cannot, are errors", async () => {
    expect(
      await problemsOfTexts([
        `${FOLDER}
backup: { behavior: { batchsize: 1, batch_size: 0 } }
performance: { limits: { cpu_limit: lots }, optimization: { compression: sometimes } }
storage: folder
gitops: { minio: { prefix: crc.testing }, repository: { url: /r.git } }
retention_policies: { dev: 7days }
`,
      ]),
    ).toEqual([
      "performance.optimization.compression: expected true or false [a.yaml:4]",
      'gitops.minio.prefix: expected "<domain>/<name>" of a cluster [a.yaml:6]',
      "backup.behavior.batchsize: unknown key; did you mean backup.behavior.batch_size? [a.yaml:3]",
      "storage: expected a section (keys with values) [a.yaml:5]",
      'limits.cpu: expected a number of CPUs, such as 2 or "500m" [a.yaml:4]',
      'retention.byEnvironment.dev.within: expected a duration with its unit, 1m to 36500d, such as "5s" [a.yaml:7]',
      "batchSize: expected 1..1000, got 0 [a.yaml:3]",
    ]);
  });

  it.each([
    ["skip_invalid_resources: false", "backup: { behavior: { skip_invalid_resources: false } }", "exit code 1"],
    ["compression: false", "performance: { optimization: { compression: false } }", "always compressed with zstd"],
    ["batch_processing: false", "performance: { optimization: { batch_processing: false } }", "batchSize at a time"],
  ])("%s loads, and says what happens instead", async (_what, text, said) => {
    const { notices } = await loadTexts([`${FOLDER}${text}\n`]);
    expect(notices).toEqual([expect.stringContaining(said)]);
    expect((await loadTexts([`${FOLDER}${text.replace("false", "true")}\n`])).notices).toEqual([]);
  });

  it("of an S3 store are left aside with a warning where another type is configured", async () => {
    const { config, warnings } = await loadTexts([`${FOLDER}storage: { bucket: b-1, auto_create_bucket: true }\n`]);
    expect(config.store).toEqual({ type: "folder", path: "/backups", prefix: "" });
    expect(warnings[0]).toBe(
      "config: storage.bucket, storage.auto_create_bucket set in a.yaml and not used: store.type is folder",
    );
  });

  it("that nothing uses never print their values, and need none of their variables", async () => {
    const text = `${FOLDER}notifications: { slack: { webhook_url: "https://hooks.slack.example/planted", channel: "\${UNSET}" } }\n`;
    const { notices, oldNames } = await loadTexts([text]);
    expect(notices).toHaveLength(1);
    expect(JSON.stringify([notices, oldNames])).not.toContain("planted");
  });
});

describe("old environments", () => {
  const gitops = (text: string) => `${FOLDER}gitops: { repository: { url: /r.git } }\n${text}`;

  it("take auto_sync and sync_policy for one thing, and refuse a contradiction", async () => {
    expect(
      await problemsOfTexts([
        gitops(
          "environments:\n  dev:\n    auto_sync: true\n    sync_policy: manual\n  prod: { sync_policy: always }\n",
        ),
      ]),
    ).toEqual([
      "environments.dev.sync_policy: contradicts environments.dev.auto_sync [a.yaml:5]; drop one of them [a.yaml:6]",
      "environments.prod.sync_policy: expected automated or manual [a.yaml:7]",
    ]);
    const agreeing = await loadTexts([
      gitops(`environments: { dev: { auto_sync: true, sync_policy: automated, cluster_url: "https://dev" }, test: }\n`),
    ]);
    expect(agreeing.config.gitops?.environments).toEqual({
      dev: { autoSync: true, destination: { server: "https://dev" } },
      test: {},
    });
  });

  it("refuse two clusters for one environment", async () => {
    expect(
      await problemsOfTexts([
        gitops(
          'environments: [{ name: dev, cluster_url: "https://one" }]\nclusters: { default: { dev: "https://two" } }\n',
        ),
      ]),
    ).toEqual([
      "clusters.default.dev: says something else than environments[0].cluster_url [a.yaml:3], and both mean gitops.environments.dev.destination.server; drop one of them [a.yaml:4]",
    ]);
  });

  it("that would sync by themselves without a cluster stay manual, with a notice", async () => {
    const { config, notices } = await loadTexts([gitops("environments: { dev: { sync_policy: automated } }\n")]);
    expect(config.gitops?.environments).toEqual({ dev: {} });
    expect(notices).toEqual([
      "config: environments.dev.sync_policy set in a.yaml and not used: the environment has no cluster URL, so there is no Application that could sync by itself",
    ]);
  });

  it("send single namespaces elsewhere, where there is such an environment, and say how many replicas there are", async () => {
    const { config, notices } = await loadTexts([
      gitops(
        'environments: { dev: { replicas: 2 } }\nclusters: { default: { dev: "https://dev" }, shop: { dev: "https://shop", stage: "https://stage" } }\n',
      ),
    ]);
    expect(config.gitops?.environments).toEqual({
      dev: { replicas: { "*": 2 }, destination: { server: "https://dev" } },
    });
    expect(config.gitops?.overrides).toEqual({ shop: { dev: { destination: { server: "https://shop" } } } });
    expect(notices).toEqual([
      "config: clusters.shop.stage set in a.yaml and not used: there is no environment stage in gitops.environments",
    ]);
  });

  it("keep the four default ones when only a variable names a cluster", async () => {
    const { config } = await loadTexts([gitops("")], { env: { PROD_CLUSTER_URL: "https://prod" } });
    expect(config.gitops?.environments).toEqual({
      dev: {},
      test: {},
      preprod: {},
      prod: { destination: { server: "https://prod" } },
    });
  });

  it("are not added to by a variable of an environment that the file leaves out", async () => {
    const text = `${FOLDER}gitops: { repository: { url: /r.git }, environments: { stage: } }\n`;
    const { config, notices } = await loadTexts([text], { env: { PROD_CLUSTER_URL: "https://prod" } });
    expect(Object.keys(config.gitops?.environments ?? {})).toEqual(["stage"]);
    expect(notices).toEqual([
      "config: PROD_CLUSTER_URL set in the environment and not used: there is no environment prod in gitops.environments",
    ]);
  });
});
