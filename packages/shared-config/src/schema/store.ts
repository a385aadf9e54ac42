import { z } from "zod";
import { asPartial, EVEN_WHEN_INVALID, filePath, flag, secret, text, textLike } from "./values.ts";

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
    region: text({
      description: "The bucket's region. Left out: `us-east-1`, which servers other than AWS expect.",
    }).exactOptional(),
    bucket: textLike(BUCKET, BUCKET_EXPECTED, { description: "The bucket." }).prefault("cluster-backups"),
    prefix,
    accessKey: secret({ description: `Access key. There is no default; best written as \`\${MINIO_ACCESS_KEY}\`.` }),
    secretKey: secret({ description: `Secret key. There is no default; best written as \`\${MINIO_SECRET_KEY}\`.` }),
    autoCreateBucket: flag({ description: "Whether a missing bucket is created; otherwise it is an error." }).prefault(
      false,
    ),
  })
  .superRefine((value, context) => {
    const { endpoint, useSsl } = asPartial(value);
    if (typeof endpoint !== "string" || endpoint === "") return;
    const message = endpointProblem(endpoint, useSsl);
    if (message !== undefined) context.addIssue({ code: "custom", path: ["endpoint"], message });
  }, EVEN_WHEN_INVALID)
  .transform((value) => ({ ...value, ...normalEndpoint(value.endpoint, value.useSsl) }));

const folderStore = z.strictObject({
  type: z.literal("folder").meta({ description: "A folder on this machine or on a mounted volume." }),
  path: filePath({ description: "The folder; a relative one counts from the file it stands in." }),
  prefix,
});

/** `store`: where snapshots and the mirror live. An S3 endpoint comes out as a URL whose scheme agrees with `useSsl`. */
export const storeSection = z
  .discriminatedUnion("type", [s3Store, folderStore])
  .meta({ description: "Where snapshots and the mirror live: `type: s3` or `type: folder`." });

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
