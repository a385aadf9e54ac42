import type { Agent } from "node:http";
import { Secret } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import { S3 } from "../errors.ts";
import type { S3StoreOptions } from "../options.ts";
import { fileKeys } from "./file-keys.ts";
import { fixedKeys } from "./fixed-keys.ts";
import type { KeySource } from "./keys.ts";
import { lentKeys } from "./lent-keys.ts";
import { lendToContainer, lendToInstance } from "./metadata.ts";
import { lendForWebIdentity } from "./web-identity.ts";

/** What choosing depends on beside the options. */
export interface Surroundings {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly now: () => number;
  /** For requests that leave the machine: proxy and authorities of `network`. */
  readonly agentFor: (url: URL) => Agent;
}

/**
 * Decides where keys come from: written, in files, in AWS_ACCESS_KEY_ID, or lent to a service account, a container or
 * a machine. The first that is set wins, and no other is asked when it fails: a wrong key must not become another's.
 * @throws StorageError "denied" when there is none, "invalid" for a setting that cannot be
 */
export function chooseKeys(options: S3StoreOptions, surroundings: Surroundings): KeySource {
  const source =
    written(options) ??
    inFiles(options, surroundings) ??
    inEnvironment(surroundings) ??
    forIdentity(options, surroundings);
  if (source !== undefined) return source;
  // What a cloud lends to its machines is no business of other servers.
  const lent =
    (options.provider ?? "s3") === "s3" ? (forContainer(surroundings) ?? forInstance(surroundings)) : undefined;
  if (lent !== undefined) return lent;
  throw new StorageError({
    kind: "denied",
    who: S3,
    operation: "choose keys",
    problem: "there are none",
    next: "write store.accessKey and store.secretKey (or set MINIO_ACCESS_KEY and MINIO_SECRET_KEY)",
  });
}

function written({ accessKey, secretKey, sessionToken }: S3StoreOptions): KeySource | undefined {
  if (accessKey === undefined || secretKey === undefined) return undefined;
  const keys = { accessKey, secretKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  return fixedKeys(keys, "store.accessKey and store.secretKey");
}

function inFiles(options: S3StoreOptions, { now }: Surroundings): KeySource | undefined {
  const { accessKeyFile, secretKeyFile, sessionTokenFile } = options;
  if (accessKeyFile === undefined || secretKeyFile === undefined) return undefined;
  return fileKeys(
    { accessKeyFile, secretKeyFile, ...(sessionTokenFile === undefined ? {} : { sessionTokenFile }) },
    now,
  );
}

function inEnvironment({ env }: Surroundings): KeySource | undefined {
  const [accessKey, secretKey] = [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY];
  if (!accessKey || !secretKey) return undefined;
  const token = env.AWS_SESSION_TOKEN ? { sessionToken: new Secret(env.AWS_SESSION_TOKEN) } : {};
  const keys = { accessKey: new Secret(accessKey), secretKey: new Secret(secretKey), ...token };
  return fixedKeys(keys, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
}

function forIdentity(options: S3StoreOptions, { env, now, agentFor }: Surroundings): KeySource | undefined {
  const tokenFile = env.AWS_WEB_IDENTITY_TOKEN_FILE;
  if (!tokenFile) return undefined;
  const endpoint = tokenService(options, env);
  const roleArn = env.AWS_ROLE_ARN || undefined;
  const identity = { tokenFile, roleArn, sessionName: env.AWS_ROLE_SESSION_NAME || "kubeferry", endpoint };
  return lentKeys(
    `the web identity in ${tokenFile}${roleArn === undefined ? "" : ` for ${roleArn}`}, at ${endpoint.origin}`,
    (call) => lendForWebIdentity({ ...identity, agent: agentFor(endpoint) }, call),
    now,
  );
}

/** The region's own service unless another is named; MinIO is its own. */
function tokenService(options: S3StoreOptions, env: Surroundings["env"]): URL {
  if (env.AWS_ENDPOINT_URL_STS) return urlIn("AWS_ENDPOINT_URL_STS", env.AWS_ENDPOINT_URL_STS);
  if (options.provider === "minio") return urlIn("store.endpoint", options.endpoint);
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || options.region || "us-east-1";
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return urlIn("AWS_REGION", `https://sts.${region}.${domain}`);
}

function forContainer({ env, now }: Surroundings): KeySource | undefined {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } = env;
  if (!relative && !full) return undefined;
  const url = relative
    ? new URL(relative, "http://169.254.170.2")
    : urlIn("AWS_CONTAINER_CREDENTIALS_FULL_URI", full ?? "");
  if (url.protocol === "http:" && !mayBeAskedInClear(url.hostname)) {
    throw cannotBe("AWS_CONTAINER_CREDENTIALS_FULL_URI", "keys would travel unencrypted; use https");
  }
  const tokenFile = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE || undefined;
  const service = { url, tokenFile, token: env.AWS_CONTAINER_AUTHORIZATION_TOKEN || undefined };
  return lentKeys(`the container's role, at ${url.origin}`, (call) => lendToContainer(service, call), now);
}

/** This machine, and the link-local addresses of ECS and EKS. */
function mayBeAskedInClear(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/.test(host);
}

function forInstance({ env, now }: Surroundings): KeySource | undefined {
  if (env.AWS_EC2_METADATA_DISABLED?.toLowerCase() === "true") return undefined;
  const text = env.AWS_EC2_METADATA_SERVICE_ENDPOINT || "http://169.254.169.254";
  const endpoint = urlIn("AWS_EC2_METADATA_SERVICE_ENDPOINT", text);
  return lentKeys(`the machine's role, at ${endpoint.origin}`, (call) => lendToInstance(endpoint, call), now);
}

function urlIn(name: string, text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw cannotBe(name, "it is no URL");
  return url;
}

function cannotBe(name: string, problem: string): StorageError {
  return new StorageError({ kind: "invalid", who: S3, operation: `read ${name}`, problem, next: `check ${name}` });
}
