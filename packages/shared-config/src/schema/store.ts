import { z } from "zod";
import { asPartial, choice, duration, EVEN_WHEN_INVALID, filePath, flag, secret, text, textLike } from "./values.ts";

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const BUCKET_EXPECTED = "3 to 63 lower-case letters, digits, '.' and '-'";

const prefix = z
  .string()
  .regex(
    /^(?!\/)(?!.*\/\/)(?!(.*\/)?\.{1,2}(\/|$))[^\\\s]*$/,
    'expected "" or names with "/" between them, such as "prod" or "backups/prod"',
  )
  .transform((value) => value.replace(/\/$/, ""))
  .meta({ description: 'Put in front of every key: "" or "prod" or "backups/prod".' })
  .prefault("");

const OTHER_STORES =
  "expected s3, minio or gcs: Azure Blob Storage speaks no S3; use an S3 gateway before it (versitygw has one), or type: folder on a mounted volume";
const REFUSED_PROVIDERS: Readonly<Record<string, string>> = {
  azure: OTHER_STORES,
  "azure-blob": OTHER_STORES,
  azureblob: OTHER_STORES,
  abs: OTHER_STORES,
};

const serverEncryption = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("sse-s3").meta({ description: "A key of the server's own." }) }),
    z.strictObject({
      type: z.literal("sse-kms").meta({ description: "A key of the server's key service." }),
      kmsKeyId: text({
        description: "Its id. Left out: the key that the bucket or the account has for this.",
      }).exactOptional(),
    }),
  ])
  .meta({
    description:
      "What the server encrypts new objects with before it writes them to its disks. Left out: as the bucket is set up. It protects against lost disks, not against whoever holds the keys of the store.",
  });

const s3Store = z
  .strictObject({
    type: z.literal("s3").meta({ description: "An S3 bucket: MinIO, AWS or another S3-compatible server." }),
    endpoint: text({
      description:
        "Where the server is: a URL (`http://127.0.0.1:9000`), or `host:port`, which means TLS unless `useSsl` is false.",
    }),
    useSsl: flag({
      description: "TLS to the server. Left out: what the endpoint's URL says, and true for `host:port`.",
    }).exactOptional(),
    provider: choice(
      ["s3", "minio", "gcs"],
      {
        description:
          "Whose S3 it is. `gcs`: Google Cloud Storage, whose conditions S3's names cannot carry; it needs HMAC keys and the endpoint `https://storage.googleapis.com`. `minio`: as `s3`, and keys that a cloud lends to its machines are never looked for.",
      },
      REFUSED_PROVIDERS,
    ).prefault("s3"),
    region: text({
      description: "The bucket's region. Left out: `us-east-1`, which servers other than AWS expect.",
    }).exactOptional(),
    bucket: textLike(BUCKET, BUCKET_EXPECTED, { description: "The bucket." }).prefault("cluster-backups"),
    prefix,
    accessKey: secret({
      description: `Access key, best written as \`\${MINIO_ACCESS_KEY}\`. Without keys here or in files: \`AWS_ACCESS_KEY_ID\`, then what is lent to the service account, the container or the machine (\`provider: s3\`).`,
    }).exactOptional(),
    secretKey: secret({ description: `Secret key, best written as \`\${MINIO_SECRET_KEY}\`.` }).exactOptional(),
    sessionToken: secret({ description: "Goes with keys that were lent for a while." }).exactOptional(),
    accessKeyFile: filePath({
      description: "A file with the access key instead; read again during the run when it changes.",
    }).exactOptional(),
    secretKeyFile: filePath({ description: "A file with the secret key instead; as `accessKeyFile`." }).exactOptional(),
    sessionTokenFile: filePath({
      description: "A file with the session token instead; as `accessKeyFile`.",
    }).exactOptional(),
    pathStyle: flag({
      description:
        "`https://host/bucket/key`, which every server understands, or (false) `https://bucket.host/key`, which some clouds ask for.",
    }).prefault(true),
    encryption: serverEncryption.exactOptional(),
    requestTimeout: duration(
      { min: "100ms", max: "10m" },
      { description: "Longest time without a byte in either direction before a request counts as failed." },
    ).prefault("30s"),
    autoCreateBucket: flag({ description: "Whether a missing bucket is created; otherwise it is an error." }).prefault(
      false,
    ),
  })
  .superRefine((value, context) => {
    for (const issue of keyProblems(asPartial(value))) context.addIssue({ code: "custom", ...issue });
    const { endpoint, useSsl } = asPartial(value);
    if (typeof endpoint !== "string" || endpoint === "") return;
    const message = endpointProblem(endpoint, useSsl);
    if (message !== undefined) context.addIssue({ code: "custom", path: ["endpoint"], message });
  }, EVEN_WHEN_INVALID)
  .transform(({ requestTimeout, ...value }) => ({
    ...value,
    ...normalEndpoint(value.endpoint, value.useSsl),
    requestTimeoutMs: requestTimeout,
  }));

const folderStore = z.strictObject({
  type: z.literal("folder").meta({ description: "A folder on this machine or on a mounted volume." }),
  path: filePath({ description: "The folder; a relative one counts from the file it stands in." }),
  prefix,
});

/** `store`: where snapshots and the mirror live. An S3 endpoint comes out as a URL whose scheme agrees with `useSsl`. */
export const storeSection = z
  .discriminatedUnion("type", [s3Store, folderStore])
  .meta({ description: "Where snapshots and the mirror live: `type: s3` or `type: folder`." });

interface KeyProblem {
  readonly path: string[];
  readonly message: string;
}

/** Half a pair is a mistake, and two pairs would leave open which one counts. */
function* keyProblems(store: Readonly<Record<string, unknown>>): Generator<KeyProblem> {
  const has = (name: string): boolean => store[name] !== undefined;
  const pairs = [
    ["accessKey", "secretKey", "write text, or set MINIO_ACCESS_KEY", "write text, or set MINIO_SECRET_KEY"],
    ["accessKeyFile", "secretKeyFile", "write its path", "write its path"],
  ] as const;
  for (const [first, second, writeFirst, writeSecond] of pairs) {
    if (has(first) && !has(second)) yield { path: [second], message: `missing beside ${first}; ${writeSecond}` };
    if (has(second) && !has(first)) yield { path: [first], message: `missing beside ${second}; ${writeFirst}` };
  }
  if (has("accessKey") && has("accessKeyFile")) {
    yield { path: ["accessKeyFile"], message: "accessKey is written too (drop one of them)" };
  }
  if (store.provider === "gcs" && !has("accessKey") && !has("accessKeyFile")) {
    yield { path: ["accessKey"], message: "gcs needs HMAC keys; write accessKey and secretKey, or files with them" };
  }
  if (store.provider === "gcs" && asPartial(store.encryption).type === "sse-s3") {
    yield { path: ["encryption"], message: "gcs always encrypts with its own key (drop it, or write sse-kms)" };
  }
}

// Never repeats an endpoint that could carry credentials.
function endpointProblem(endpoint: string, useSsl: unknown): string | undefined {
  const url = parseEndpoint(endpoint, useSsl);
  if (url === undefined) return 'expected a URL such as "https://minio.example.com:9000", or host:port';
  if (url.username !== "" || url.password !== "") {
    return "holds credentials: write them to store.accessKey and store.secretKey";
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `expected http:// or https://, got ${url.protocol}// (the bucket's name goes to store.bucket)`;
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return "expected host and port only (the bucket's name goes to store.bucket, a folder in it to store.prefix)";
  }
  const tls = url.protocol === "https:";
  if (!endpoint.includes("://") || typeof useSsl !== "boolean" || useSsl === tls) return undefined;
  return `"${endpoint}" contradicts useSsl: ${useSsl} (drop one of them)`;
}

function normalEndpoint(endpoint: string, useSsl: boolean | undefined): { endpoint: string; useSsl: boolean } {
  const url = parseEndpoint(endpoint, useSsl);
  // Not reached: the check above refused what does not parse.
  if (url === undefined) return { endpoint, useSsl: useSsl ?? true };
  return { endpoint: `${url.protocol}//${url.host}`, useSsl: url.protocol === "https:" };
}

function parseEndpoint(endpoint: string, useSsl: unknown): URL | undefined {
  const whole = endpoint.includes("://") ? endpoint : `${useSsl === false ? "http" : "https"}://${endpoint}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  return url === undefined || url.hostname === "" ? undefined : url;
}
