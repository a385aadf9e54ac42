import { describe, expect, it } from "vitest";
import { loadTexts, problemsOfTexts } from "../testing/load-yaml.ts";

const KEYS = "accessKey: aaaa, secretKey: bbbb";

describe("the endpoint of an S3 store", () => {
  it.each([
    ["minio.example.com:9000", "", "https://minio.example.com:9000", true],
    ["minio.example.com:9000", ", useSsl: false", "http://minio.example.com:9000", false],
    ["http://172.17.0.3:9000", "", "http://172.17.0.3:9000", false],
    ["https://s3.example.com/", ", useSsl: true", "https://s3.example.com", true],
    ["[::1]:9000", ", useSsl: false", "http://[::1]:9000", false],
  ])("%s%s means %s", async (endpoint, more, url, useSsl) => {
    const { config } = await loadTexts([`store: { type: s3, endpoint: "${endpoint}"${more}, ${KEYS} }\n`]);
    expect(config.store).toMatchObject({ endpoint: url, useSsl });
  });

  it.each([
    ["http://minio:9000", ", useSsl: true", '"http://minio:9000" contradicts useSsl: true (drop one of them)'],
    ["https://minio:9000", ", useSsl: false", '"https://minio:9000" contradicts useSsl: false (drop one of them)'],
    ["s3://bucket", "", "expected http:// or https://, got s3:// (the bucket's name goes to store.bucket)"],
    [
      "https://minio/bucket",
      "",
      "expected host and port only (the bucket's name goes to store.bucket, a folder in it to store.prefix)",
    ],
    ["https://u:p@minio", "", "holds credentials: write them to store.accessKey and store.secretKey"],
    ["http://", "", 'expected a URL such as "https://minio.example.com:9000", or host:port'],
    ["a b", "", 'expected a URL such as "https://minio.example.com:9000", or host:port'],
    ["", "", "must not be empty"],
  ])("%s%s is refused", async (endpoint, more, problem) => {
    expect(await problemsOfTexts([`store: { type: s3, endpoint: "${endpoint}"${more}, ${KEYS} }\n`])).toEqual([
      `store.endpoint: ${problem} [a.yaml:1]`,
    ]);
  });

  it("may contradict useSsl across sources: that is found too", async () => {
    const file = `store: { type: s3, endpoint: "http://minio:9000", ${KEYS} }\n`;
    expect(await problemsOfTexts([file], { env: { MINIO_USE_SSL: "1" } })).toHaveLength(1);
  });
});

describe("an endpoint that came out of a variable", () => {
  it("is not quoted in the message", async () => {
    const file = `store: { type: s3, endpoint: "\${AT}", useSsl: true, ${KEYS} }\n`;
    expect(await problemsOfTexts([file], { env: { AT: "http://internal-name:9000" } })).toEqual([
      `store.endpoint: "\${…}" contradicts useSsl: true (drop one of them) [a.yaml:1]`,
    ]);
  });
});

describe("credentials", () => {
  const S3 = "type: s3, endpoint: https://minio";

  it("may be left to what is lent to the machine, and stay unknown then", async () => {
    const { config } = await loadTexts([], { env: { MINIO_ENDPOINT: "https://minio" } });
    expect(config.store).not.toHaveProperty("accessKey");
    expect(config.store).toMatchObject({ type: "s3", provider: "s3" });
  });

  it("may lie in files, whose paths count from the file they stand in", async () => {
    const file = `store: { ${S3}, accessKeyFile: keys/access, secretKeyFile: /run/keys/secret }\n`;
    const { config } = await loadTexts([file]);
    expect(config.store).toMatchObject({
      accessKeyFile: expect.stringMatching(/^\/.+\/keys\/access$/),
      secretKeyFile: "/run/keys/secret",
    });
  });

  it.each([
    ["accessKey: a", "secretKey: missing beside accessKey; write text, or set MINIO_SECRET_KEY"],
    ["secretKey: b", "accessKey: missing beside secretKey; write text, or set MINIO_ACCESS_KEY"],
    ["accessKeyFile: /a", "secretKeyFile: missing beside accessKeyFile; write its path"],
    [`${KEYS}, accessKeyFile: /a, secretKeyFile: /b`, "accessKeyFile: accessKey is written too (drop one of them)"],
    ["provider: gcs", "accessKey: gcs needs HMAC keys; write accessKey and secretKey, or files with them"],
  ])("%s alone is refused", async (keys, problem) => {
    expect(await problemsOfTexts([`store: { ${S3}, ${keys} }\n`])).toEqual([`store.${problem} [a.yaml:1]`]);
  });
});

describe("whose S3 it is", () => {
  it("is said in any case, and Azure is refused with what to do instead", async () => {
    const store = (provider: string) => `store: { type: s3, endpoint: https://a, ${KEYS}, provider: ${provider} }\n`;
    expect((await loadTexts([store("GCS")])).config.store).toMatchObject({ provider: "gcs" });
    expect(await problemsOfTexts([store("azure")])).toEqual([
      expect.stringMatching(
        /^store\.provider: expected s3, minio or gcs: Azure Blob Storage speaks no S3; use an S3 gateway/,
      ),
    ]);
  });
});

describe("encryption by the server", () => {
  const store = (more: string) => `store: { type: s3, endpoint: https://a, ${KEYS}, ${more} }\n`;

  it("is by its own key, or by one of its key service", async () => {
    const kms = await loadTexts([store("encryption: { type: sse-kms, kmsKeyId: backups }")]);
    expect(kms.config.store).toMatchObject({ encryption: { type: "sse-kms", kmsKeyId: "backups" } });
    const own = await loadTexts([store("encryption: { type: sse-s3 }")]);
    expect(own.config.store).toMatchObject({ encryption: { type: "sse-s3" } });
  });

  it("by its own key is what gcs does anyway, and is refused there", async () => {
    expect(await problemsOfTexts([store("provider: gcs, encryption: { type: sse-s3 }")])).toEqual([
      "store.encryption: gcs always encrypts with its own key (drop it, or write sse-kms) [a.yaml:1]",
    ]);
  });
});

describe("the way to the store", () => {
  it("is by default what the environment says, and never prints a proxy's password", async () => {
    const folder = "store: { type: folder, path: /x }\n";
    expect((await loadTexts([folder])).config.network).toEqual({ noProxy: [] });
    const { config } = await loadTexts([
      `${folder}network: { proxy: "http://me:hunter2@proxy:3128", noProxy: [minio], caFile: /etc/ca.pem }\n`,
    ]);
    expect(JSON.stringify(config.network)).toBe('{"caFile":"/etc/ca.pem","proxy":"***","noProxy":["minio"]}');
    expect(config.network.proxy?.reveal()).toBe("http://me:hunter2@proxy:3128");
  });
});

describe("bucket and prefix", () => {
  it("a prefix comes out without the slash at its end", async () => {
    const { config } = await loadTexts(["store: { type: folder, path: /x, prefix: a/b/ }\n"]);
    expect(config.store.prefix).toBe("a/b");
  });

  it.each(["/a", "a//b", "../a", "a/..", "a/./b", "a b", "a\\\\b"])("a prefix %s is refused", async (prefix) => {
    expect(await problemsOfTexts([`store: { type: folder, path: /x, prefix: "${prefix}" }\n`])).toEqual([
      expect.stringMatching(/^store\.prefix: expected "" or names with "\/" between them/),
    ]);
  });

  it.each(["ab", "Upper", "under_score", "-a-b"])("a bucket %s is refused, as every server would", async (bucket) => {
    expect(await problemsOfTexts([`store: { type: s3, endpoint: https://a, ${KEYS}, bucket: "${bucket}" }\n`])).toEqual(
      ["store.bucket: expected 3 to 63 lower-case letters, digits, '.' and '-' [a.yaml:1]"],
    );
  });

  it("a key of the other type is unknown, with a hint where it belongs", async () => {
    expect(await problemsOfTexts(["store: { type: folder, path: /x, bucket: abc }\n"])).toEqual([
      "store.bucket: unknown key; did you mean store.bucket of type s3? [a.yaml:1]",
    ]);
  });
});

describe("the name of a series", () => {
  it.each(["segments", "state", "api"])("cannot be %s, which is a folder of the bucket", async (series) => {
    expect(await problemsOfTexts([`store: { type: folder, path: /x }\nbackup: { series: ${series} }\n`])).toEqual([
      "backup.series: expected a name other than segments, state, api, which are folders of the bucket [a.yaml:2]",
    ]);
  });
});
