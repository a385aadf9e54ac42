import { readFile } from "node:fs/promises";
import { type Call, Secret } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import { S3 } from "../errors.ts";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";

/** Both answer from the same machine. */
const TIMEOUT_MS = 2_000;
const TOKEN_SECONDS = "21600";

/** A service beside the container that lends the keys of its role: EKS Pod Identity, ECS. */
export interface ContainerService {
  readonly url: URL;
  /** Read anew each time: it is replaced while we run. */
  readonly tokenFile: string | undefined;
  readonly token: string | undefined;
}

/** @see AWS SDKs and Tools reference, container credential provider */
export async function lendToContainer({ url, tokenFile, token }: ContainerService, call: Call): Promise<Keys> {
  const authorization = tokenFile === undefined ? token : await tokenIn(tokenFile);
  const headers = authorization === undefined ? {} : { headers: { authorization } };
  const whom = "the container's credential service";
  return keysIn(await ask({ url, method: "GET", timeoutMs: TIMEOUT_MS, whom, ...headers }, call), whom);
}

/**
 * The keys of a machine's role, by the version of the metadata service that wants a token first.
 * @see EC2 user guide, IMDSv2
 */
export async function lendToInstance(endpoint: URL, call: Call): Promise<Keys> {
  const whom = "the instance metadata service";
  const at = (path: string): URL => new URL(path, endpoint);
  const token = await ask(
    {
      url: at("/latest/api/token"),
      method: "PUT",
      headers: { "x-aws-ec2-metadata-token-ttl-seconds": TOKEN_SECONDS },
      timeoutMs: TIMEOUT_MS,
      whom,
    },
    call,
  );
  const get = (path: string): Promise<string> =>
    ask(
      { url: at(path), method: "GET", headers: { "x-aws-ec2-metadata-token": token }, timeoutMs: TIMEOUT_MS, whom },
      call,
    );
  const roles = "/latest/meta-data/iam/security-credentials/";
  const role = (await get(roles)).split("\n")[0]?.trim() ?? "";
  if (role === "") throw noKeys(whom, "no role is given to this machine");
  return keysIn(await get(`${roles}${encodeURIComponent(role)}`), whom);
}

async function tokenIn(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    const problem = `the token file ${path} cannot be read`;
    const next = "check AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    throw new StorageError({ kind: "denied", who: S3, operation: "ask for keys", problem, next, cause });
  }
}

function keysIn(text: string, whom: string): Keys {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = parsed(text);
  const expiresAt = new Date(typeof Expiration === "string" ? Expiration : Number.NaN);
  if (typeof AccessKeyId !== "string" || typeof SecretAccessKey !== "string" || typeof Token !== "string") {
    throw noKeys(whom, "its answer holds no keys");
  }
  return {
    accessKey: new Secret(AccessKeyId),
    secretKey: new Secret(SecretAccessKey),
    sessionToken: new Secret(Token),
    ...(Number.isNaN(expiresAt.getTime()) ? {} : { expiresAt }),
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    // Not JSON: holds no keys, and that is what the caller says.
    return {};
  }
}

function noKeys(whom: string, problem: string): StorageError {
  const next = "give the Pod or the machine a role, or write store.accessKey and store.secretKey";
  return new StorageError({ kind: "denied", who: S3, operation: `ask ${whom} for keys`, problem, next });
}
