import { inspect } from "node:util";
import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig, SMALLEST_EXAMPLE } from "./index.ts";
import { folderOf, loadTexts, problemsOfTexts } from "./testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

describe("a whole configuration", () => {
  it("comes out with its defaults, durations in milliseconds, secrets wrapped", async () => {
    const { config } = await loadTexts(
      [
        `
cluster: { name: wrl62, domain: crc.testing }
kubernetes: { kubeconfig: /etc/kube/config, context: admin }
store: { type: s3, endpoint: "http://127.0.0.1:9000", bucket: cluster-backups, prefix: "", accessKey: "\${MINIO_ACCESS_KEY}", secretKey: "\${MINIO_SECRET_KEY}", autoCreateBucket: true }
backup: { secrets: withhold }
gitops:
  namespaces: ["shop", "team-*"]
  environments:
    dev: { cluster: crc.testing/wrl62 }
    prod: { destination: { server: "https://kubernetes.default.svc" }, autoSync: false }
  repository: { url: "https://git.example.com/acme/fleet.git", platform: gitea, base: main, branch: kubeferry/main, token: "\${GIT_TOKEN}" }
`,
      ],
      { env: { MINIO_ACCESS_KEY: "access", MINIO_SECRET_KEY: "hidden", GIT_TOKEN: "t0ken" } },
    );
    expect(config).toMatchObject({
      cluster: { name: "wrl62", domain: "crc.testing" },
      kubernetes: {
        kubeconfig: "/etc/kube/config",
        context: "admin",
        pageSize: 500,
        concurrency: 4,
        requestTimeoutMs: 60_000,
      },
      store: {
        type: "s3",
        endpoint: "http://127.0.0.1:9000",
        useSsl: false,
        bucket: "cluster-backups",
        prefix: "",
        accessKey: expect.any(Secret),
        secretKey: expect.any(Secret),
        autoCreateBucket: true,
      },
      backup: { secrets: "withhold", series: "default", mirror: { enabled: true }, filter: { mode: "blacklist" } },
      gitops: {
        namespaces: ["shop", "team-*"],
        environments: {
          dev: { cluster: { domain: "crc.testing", name: "wrl62" } },
          prod: { destination: { server: "https://kubernetes.default.svc" }, autoSync: false },
        },
        argocd: { namespace: "argocd", project: "kubeferry" },
        maxRemovals: { files: 10, percent: 5 },
        repository: {
          url: "https://git.example.com/acme/fleet.git",
          platform: "gitea",
          base: "main",
          branch: "kubeferry/main",
          token: expect.any(Secret),
        },
      },
      log: { level: "info", format: "auto" },
      retry: { attempts: 3, delayMs: 5000 },
      batchSize: 50,
    });
    expect(config.gitops?.repository.token?.reveal()).toBe("t0ken");
    expect(config.store).toMatchObject({ secretKey: { reveal: expect.any(Function) } });
  });

  it("prints no secret, and cannot be changed at any depth", async () => {
    const { config } = await loadTexts([], {
      env: { MINIO_ENDPOINT: "https://minio.example.com", MINIO_ACCESS_KEY: "access-1", MINIO_SECRET_KEY: "hidden-1" },
    });
    expect(inspect(config, { depth: 9 }) + JSON.stringify(config)).not.toMatch(/access-1|hidden-1/);
    expect(() => Object.assign(config.log, { level: "debug" })).toThrow(TypeError);
    expect(() => Object.assign(config.backup.filter.alsoTake, { 0: "events" })).toThrow(TypeError);
  });
});

describe("without any file", () => {
  it("the documented environment variables are enough", async () => {
    const { config } = await loadTexts([], {
      env: {
        CLUSTER_NAME: "production-east",
        CLUSTER_DOMAIN: "company.local",
        MINIO_ENDPOINT: "minio.example.com:9000",
        MINIO_ACCESS_KEY: "your-access-key",
        MINIO_SECRET_KEY: "your-secret-key",
        MINIO_BUCKET: "other-backups",
        MINIO_USE_SSL: "true",
        LOG_LEVEL: "WARN",
        BATCH_SIZE: "7",
        RETRY_ATTEMPTS: "9",
        RETRY_DELAY: "1m30s",
      },
    });
    expect(config).toMatchObject({
      cluster: { name: "production-east", domain: "company.local" },
      store: { type: "s3", endpoint: "https://minio.example.com:9000", useSsl: true, bucket: "other-backups" },
      log: { level: "warn" },
      batchSize: 7,
      retry: { attempts: 9, delayMs: 90_000 },
    });
  });

  it("each variable works alone on top of a file, and an empty one counts as not set", async () => {
    const file = `store: { type: s3, endpoint: "https://a", accessKey: file-access, secretKey: file-secret }\n`;
    const env = { MINIO_BUCKET: "from-env", MINIO_ENDPOINT: "", LOG_LEVEL: "" };
    const { config } = await loadTexts([file], { env });
    expect(config.store).toMatchObject({ endpoint: "https://a", bucket: "from-env" });
  });

  it("nothing at all is an error that shows the smallest example, and the example loads", async () => {
    const cwd = await folderOf({});
    const error = await loadConfig({ files: [], env: { LOG_LEVEL: "debug" }, cwd }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ kind: "missing", message: expect.stringContaining(SMALLEST_EXAMPLE) });
    const example = await folderOf({ "kubeferry.yaml": SMALLEST_EXAMPLE });
    const { config } = await loadConfig({ files: [], env: {}, cwd: example });
    expect(config.store).toEqual({ type: "folder", path: `${example}/store`, prefix: "" });
  });

  it("an empty file is the same error, a file that is not there another one", async () => {
    expect(await problemsOfTexts(["# nothing yet\n"])).toEqual([
      expect.stringMatching(/^kubeferry.yaml: nothing is configured: a\.yaml is empty, and MINIO_ENDPOINT is not set/),
    ]);
    expect(await problemsOfTexts(["log: { level: info }\n"])).toEqual([
      "store: missing; write store: { type: s3, … } or { type: folder, path: … }, or set MINIO_ENDPOINT",
    ]);
    const error = await loadConfig({ files: ["absent.yaml"], env: {}, cwd: await folderOf({}) }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ message: "config: 1 problem: absent.yaml: there is no such file; check the path" });
  });
});

describe("several sources", () => {
  it("a flag says a list as a file does in one line, and refuses what is none with where it stands", async () => {
    const file = `${FOLDER}backup: { filter: { namespaces: { include: [a] } } }\n`;
    const withFlag = (include: string) => loadTexts([file], { flags: { "backup.filter.namespaces.include": include } });
    expect((await withFlag('[shop, "team-*"]')).config.backup.filter.namespaces.include).toEqual(["shop", "team-*"]);
    expect((await withFlag("[]")).config.backup.filter.namespaces.include).toEqual([]);
    for (const text of ["shop", "[shop", "[{ a: b }]"]) {
      await expect(withFlag(text)).rejects.toThrow(/expected a list.* \[flag backup\.filter\.namespaces\.include\]/);
    }
  });

  it("later ones win: defaults, files in their order, environment, flags", async () => {
    const one = `${FOLDER}log: { level: error, format: json }\nbatchSize: 1\nretry: { attempts: 1, delay: 1s }\n`;
    const two = "log: { level: warn }\nretry: { attempts: 2 }\nbatchSize: 2\n";
    const { config } = await loadTexts([one, two], {
      env: { LOG_LEVEL: "info", BATCH_SIZE: "3" },
      flags: { "log.level": "debug", "cluster.name": undefined, "kubernetes.pageSize": 10 },
    });
    expect(config).toMatchObject({
      log: { level: "debug", format: "json" },
      batchSize: 3,
      retry: { attempts: 2, delayMs: 1000 },
      kubernetes: { pageSize: 10 },
      cluster: {},
    });
  });

  it("join sections key by key and replace lists; a section left empty says nothing", async () => {
    const gitops = `gitops:\n  namespaces: [a, b]\n  environments: { dev: , prod: { destination: { name: in } } }\n  repository: { url: /r.git }\n`;
    const { config } = await loadTexts([
      FOLDER + gitops,
      "gitops:\n  namespaces: [c]\n  environments: { dev: { destination: { name: out } }, prod: }\nlog:\n",
    ]);
    expect(config.gitops).toMatchObject({
      namespaces: ["c"],
      environments: { dev: { destination: { name: "out" } }, prod: { destination: { name: "in" } } },
    });
  });

  it("replace a section whose type changes, so that no bucket is left in a folder", async () => {
    const s3 = "store: { type: s3, endpoint: https://a, accessKey: aaaa, secretKey: bbbb }\n";
    const { config } = await loadTexts([s3, FOLDER]);
    expect(config.store).toEqual({ type: "folder", path: "/backups", prefix: "" });
  });

  it("leave variables of an S3 store aside when a folder is configured, and say so", async () => {
    const { config, warnings } = await loadTexts([FOLDER], {
      env: { MINIO_BUCKET: "b-1", MINIO_SECRET_KEY: "hidden" },
    });
    expect(config.store.type).toBe("folder");
    expect(warnings[0]).toBe(
      "config: MINIO_SECRET_KEY, MINIO_BUCKET set in the environment and not used: store.type is folder",
    );
  });
});

describe("paths", () => {
  it("count from the file they stand in; those of flags from the working directory", async () => {
    const cwd = await folderOf({ "a.yaml": "" });
    const nested = await folderOf({
      "b.yaml": `
store: { type: folder, path: ./store }
kubernetes: { kubeconfig: ~/kube }
gitops:
  namespaces: [a]
  repository: { url: ../bare.git, caFile: ca.pem }
  validation: { policies: [policies, /etc/policy.yaml] }
`,
    });
    const loaded = await loadConfig({ files: [`${nested}/b.yaml`], env: { HOME: "/home/me" }, cwd });
    expect(loaded.config).toMatchObject({
      store: { path: `${nested}/store` },
      kubernetes: { kubeconfig: "/home/me/kube" },
      gitops: {
        repository: { url: `${nested.slice(0, nested.lastIndexOf("/"))}/bare.git`, caFile: `${nested}/ca.pem` },
        validation: { policies: [`${nested}/policies`, "/etc/policy.yaml"] },
      },
    });
    const flagged = await loadConfig({ files: [`${nested}/b.yaml`], env: {}, flags: { "store.path": "here" }, cwd });
    expect(flagged.config.store).toMatchObject({ path: `${cwd}/here` });
  });
});

const UNSIGNED =
  "config: signing.key and signing.trusted are not set, so manifests are not signed: whoever can write to the store can forge a snapshot; kubeferry init --signing makes a key pair";

describe("warnings", () => {
  it.each([
    ["http://ferry.ops.svc:8081/v1/backup-complete", true],
    ["https://ferry.ops.svc:8443/v1/backup-complete", false],
    ["http://127.0.0.1:8081/v1/backup-complete", false],
  ])("say when calls travel unencrypted: %s", async (url, warned) => {
    const key = `whsec_${Buffer.alloc(32).toString("base64")}`;
    const { warnings } = await loadTexts([
      `${FOLDER}announce: { via: webhook, url: "${url}" }\nwebhook: { keys: ["${key}"] }\n`,
    ]);
    expect(warnings.filter((text) => text.includes(`announce.url is ${url}`))).toHaveLength(warned ? 1 : 0);
  });

  it("name every security setting that was left to its default, or is not safe, with its value", async () => {
    const { warnings } = await loadTexts([
      `
store: { type: s3, endpoint: "minio:9000", accessKey: aaaa, secretKey: bbbb }
gitops: { namespaces: [a], repository: { url: "http://git.example.com/a/b.git", token: ttttt } }
`,
    ]);
    expect(warnings).toEqual([
      "config: store.useSsl is not set, so it is true; write it, or give store.endpoint as a URL",
      "config: backup.secrets is not set, so it is withhold: values of Secrets will not be in the backup; name encryption.recipients (kubeferry init makes a key pair), or write withhold, omit or plain",
      UNSIGNED,
      "config: gitops.repository.url is http://git.example.com/a/b.git: the token travels unencrypted; use https",
    ]);
  });

  it("name the clusters that they hold for, unless they hold for all", async () => {
    const { warnings } = await loadTexts([
      `
store: { type: folder, path: ./shared }
clusters:
  - { name: east, backup: { secrets: omit } }
  - { name: west, store: { type: s3, endpoint: "http://minio:9000", accessKey: aaaa, secretKey: bbbb } }
`,
    ]);
    expect(warnings).toEqual([
      UNSIGNED,
      "config: of west: store.endpoint is http://minio:9000: objects and requests travel unencrypted; use https where you can",
      "config: of west: backup.secrets is not set, so it is withhold: values of Secrets will not be in the backup; name encryption.recipients (kubeferry init makes a key pair), or write withhold, omit or plain",
    ]);
  });

  it("name an endpoint without TLS, unless it is on this machine", async () => {
    const at = (endpoint: string) =>
      `store: { type: s3, endpoint: "${endpoint}", accessKey: aaaa, secretKey: bbbb }\nbackup: { secrets: plain }\n`;
    const [far, near] = await Promise.all([
      loadTexts([at("http://minio:9000")]),
      loadTexts([at("http://127.0.0.1:9000")]),
    ]);
    expect(far.warnings).toEqual([
      "config: store.endpoint is http://minio:9000: objects and requests travel unencrypted; use https where you can",
      UNSIGNED,
    ]);
    expect(near.warnings).toEqual([UNSIGNED]);
  });
});
