import { describe, expect, it } from "vitest";
import { ConfigError } from "./index.ts";
import { loadTexts, problemsOfTexts } from "./testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

describe("a configuration with mistakes", () => {
  it("reports all of them at once, each with its key, what to write instead and where it stands", async () => {
    const problems = await problemsOfTexts(
      [
        `
store:
  type: s3
  endpoint: http://minio:9000
  useSsl: true
  accesKey: mistyped
  secretKey: 12345
  bucket: "\${BUCKET}"
kubernetes:
  concurrency: 0
  requestTimeout: 5
backup:
  secrets: encrypt
`,
        "log:\n  level: loud\n",
      ],
      { env: { BATCH_SIZE: "many" }, flags: { "retry.attempts": 99 } },
    );
    expect([...problems].sort()).toEqual([
      "backup.secrets: encrypt needs recipients: write encryption.recipients (kubeferry init makes a key pair), or withhold, omit or plain [a.yaml:13]",
      'batchSize: expected 1..1000, got "many" [environment variable BATCH_SIZE]',
      "kubernetes.concurrency: expected 1..64, got 0 [a.yaml:10]",
      'kubernetes.requestTimeout: expected a duration with its unit, 1s to 1h, such as "5s", got 5 [a.yaml:11]',
      'log.level: expected debug, info, warn or error, got "loud" [b.yaml:2]',
      "retry.attempts: expected 1..20, got 99 [flag retry.attempts]",
      "store.accesKey: unknown key; did you mean store.accessKey? [a.yaml:6]",
      "store.accessKey: missing beside secretKey; write text, or set MINIO_ACCESS_KEY [a.yaml:2]",
      "store.bucket: environment variable BUCKET is not set; set it, or write ${BUCKET:-default} [a.yaml:8]",
      'store.endpoint: "http://minio:9000" contradicts useSsl: true (drop one of them) [a.yaml:4]',
      "store.secretKey: expected text, got a number; put it in quotes [a.yaml:7]",
    ]);
  });

  it("says what announcing needs, and shows no key that is none", async () => {
    expect(await problemsOfTexts([`${FOLDER}announce: { via: webhook }\nwebhook: { keys: [planted] }\n`])).toEqual([
      "announce.url: missing: via webhook calls it [a.yaml:2]",
      "webhook.keys[0]: expected whsec_ and the base64 of 24 to 64 bytes; kubeferry init --webhook makes one [a.yaml:3]",
    ]);
    const url = "https://ferry.ops.svc:8443/v1/backup-complete";
    expect(await problemsOfTexts([`${FOLDER}announce: { via: webhook, url: "${url}" }\n`])).toEqual([
      "announce.via: webhook needs a key that calls are signed with: write webhook.keys (kubeferry init --webhook makes one) [a.yaml:2]",
    ]);
    expect(await problemsOfTexts([`${FOLDER}announce: { via: job }\n`])).toEqual([
      "announce.cronJob: missing: via job makes a Job from it [a.yaml:2]",
    ]);
    expect(await problemsOfTexts([`${FOLDER}backup: { trigger_gitops: true }\n`])).toEqual([
      "announce.via: in-process runs stage 2, and there is no section gitops [a.yaml:2]",
    ]);
  });

  it("is one error of one line, counted", async () => {
    const error = await loadTexts([`${FOLDER}batchSize: 0\nretry: { attempts: 0 }\n`]).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      kind: "invalid",
      who: "config",
      message:
        "config: 2 problems: retry.attempts: expected 1..20, got 0 [a.yaml:3]; batchSize: expected 1..1000, got 0 [a.yaml:2]",
      problems: [
        { path: "retry.attempts", source: "a.yaml:3", text: "expected 1..20, got 0" },
        { path: "batchSize", source: "a.yaml:2", text: "expected 1..1000, got 0" },
      ],
    });
  });

  it("names the nearest key, the place of a key that belongs elsewhere, or what there is", async () => {
    const problems = await problemsOfTexts([
      `${FOLDER}secrets: plain\nretry: { atempts: 3, zzzzz: 1 }\nbucket: x\nLog: {}\n`,
    ]);
    expect(problems).toEqual([
      "retry.atempts: unknown key; did you mean retry.attempts? [a.yaml:3]",
      "retry.zzzzz: unknown key; expected attempts or delay [a.yaml:3]",
      "secrets: unknown key; did you mean backup.secrets? [a.yaml:2]",
      "bucket: unknown key; did you mean store.bucket of type s3? [a.yaml:4]",
      "Log: unknown key; did you mean log? [a.yaml:5]",
    ]);
  });

  it("takes __proto__ for an unknown key like any other", async () => {
    expect(await problemsOfTexts([`${FOLDER}__proto__: { polluted: true }\n`])).toEqual([
      expect.stringMatching(/^__proto__: unknown key/),
    ]);
    expect({}).not.toHaveProperty("polluted");
  });

  it("says of an empty value and of a wrong kind of value what was expected", async () => {
    const problems = await problemsOfTexts([
      "store: { type: folder, path: }\nlog: [info]\ncluster: { name: { a: b } }\nbackup: { series: 5, strict: maybe }\n",
    ]);
    expect(problems).toEqual([
      "cluster.name: expected text, got a section [a.yaml:3]",
      "store.path: expected text, got nothing (an empty value) [a.yaml:1]",
      "backup.series: expected text, got 5; put it in quotes [a.yaml:4]",
      'backup.strict: expected true or false, got "maybe" [a.yaml:4]',
      "log: expected a section (keys with values), got a list [a.yaml:2]",
    ]);
  });

  it("asks for the type of a store, and names the types", async () => {
    expect(await problemsOfTexts(["store: { path: /x }\n"])).toEqual([
      "store.type: missing; write s3 or folder [a.yaml:1]",
    ]);
    expect(await problemsOfTexts(["store: { type: gcs }\n"])).toEqual([
      'store.type: expected s3 or folder, got "gcs" [a.yaml:1]',
    ]);
  });
});

describe("no message holds the value of a secret", () => {
  it("wherever else it was written too", async () => {
    const secret = "hunter2-hunter2";
    const error = await loadTexts(
      [
        `
store: { type: s3, endpoint: "https://me:${secret}@minio", accessKey: "${secret}", secretKey: [${secret}], bucket: "${secret}!", region: "" }
log: { level: "${secret}", ${secret}: 1 }
cluster: { name: "\${FROM_ENV}" }
batchSize: "\${FROM_ENV}"
backup: { mirror: "\${FROM_ENV}" }
gitops: { namespaces: [a], repository: { url: "https://bot:${secret}@git/x", token: "" } }
`,
      ],
      { env: { FROM_ENV: "/expanded-value/" } },
    ).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    const { message, problems, stack } = error as ConfigError;
    expect(problems.length).toBeGreaterThanOrEqual(8);
    expect(message + JSON.stringify(problems) + stack).not.toMatch(/hunter2|expanded-value/);
  });

  it("not even when the file is no YAML", async () => {
    const mistakes = [
      'secretKey: "hunter2\\q"',
      "secretKey: *hunter2",
      "secretKey: !hunter2 x",
      "secretKey: @hunter2",
      "secretKey: 'hunter2",
      "- hunter2\nb: 1",
      "\thunter2: 1",
      "hunter2: 1\nhunter2: 2",
      "a: {hunter2",
      "a: hunter2: b",
    ];
    for (const text of mistakes) {
      const [problem, ...more] = await problemsOfTexts([`log: {}\n${text}\n`]);
      expect(problem).toMatch(/^a\.yaml: .* \[a\.yaml:\d\]$/);
      expect(problem).not.toContain("hunter2");
      expect(more).toEqual([]);
    }
  });
});
