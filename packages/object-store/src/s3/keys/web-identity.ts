import { readFile } from "node:fs/promises";
import type { Agent } from "node:http";
import { type Call, Secret } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import { S3 } from "../errors.ts";
import { parseXml, textIn, type XmlElement } from "../xml.ts";
import { ask } from "./ask.ts";
import type { Keys } from "./keys.ts";

const TIMEOUT_MS = 10_000;

/** A token in a file, and who gives keys for it. */
export interface WebIdentity {
  /** Read anew each time: the kubelet replaces it long before it ends. */
  readonly tokenFile: string;
  /** Undefined where the server knows the role from the token, as MinIO does. */
  readonly roleArn: string | undefined;
  readonly sessionName: string;
  readonly endpoint: URL;
  readonly agent: Agent | undefined;
}

/**
 * Keys for a token of another issuer, such as a Kubernetes service account's. The token travels in the body, not in the
 * URL, where proxies would log it.
 * @see AWS Security Token Service API, AssumeRoleWithWebIdentity
 */
export async function lendForWebIdentity(identity: WebIdentity, call: Call): Promise<Keys> {
  const { endpoint, roleArn, sessionName, agent } = identity;
  const form = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    ...(roleArn === undefined ? {} : { RoleArn: roleArn, RoleSessionName: sessionName }),
    WebIdentityToken: await tokenIn(identity.tokenFile),
  });
  const text = await ask(
    {
      url: endpoint,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      timeoutMs: TIMEOUT_MS,
      whom: "the token service",
      ...(agent === undefined ? {} : { agent }),
    },
    call,
  );
  return keysIn(text);
}

async function tokenIn(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (cause) {
    const problem = `the token file ${path} cannot be read`;
    const next = "check AWS_WEB_IDENTITY_TOKEN_FILE";
    throw new StorageError({ kind: "denied", who: S3, operation: "ask for keys", problem, next, cause });
  }
}

function keysIn(xml: string): Keys {
  const response = parseXml(xml, "AssumeRoleWithWebIdentityResponse");
  const credentials = child(child(response, "AssumeRoleWithWebIdentityResult"), "Credentials");
  const text = (name: string): string | undefined => credentials && textIn(credentials, name);
  const [accessKey, secretKey, token] = [text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken")];
  const expiresAt = new Date(text("Expiration") ?? Number.NaN);
  if (!accessKey || !secretKey || !token || Number.isNaN(expiresAt.getTime())) {
    const problem = "the token service gave an answer without keys";
    throw new StorageError({ kind: "denied", who: S3, operation: "ask for keys", problem, next: "check its endpoint" });
  }
  return {
    accessKey: new Secret(accessKey),
    secretKey: new Secret(secretKey),
    sessionToken: new Secret(token),
    expiresAt,
  };
}

function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  const value = element?.[name];
  return typeof value === "object" && value !== null ? (value as XmlElement) : undefined;
}
