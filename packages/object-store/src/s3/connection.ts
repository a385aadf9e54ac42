import { readFileSync } from "node:fs";
import type { Agent } from "node:http";
import { getCACertificates } from "node:tls";
import { StorageError } from "../storage-error.ts";
import { S3 } from "./errors.ts";
import { http, https } from "./node-http.ts";
import type { NetworkOptions } from "./options.ts";

/** Where a request goes through. */
export interface Connections {
  /** Keeps connections open between requests, never more than the limit. */
  readonly agentFor: (url: URL) => Agent;
}

/** What connections are made of. */
export interface ConnectionOptions {
  readonly network: NetworkOptions | undefined;
  readonly maxConnections: number;
  /** Names proxies where `network` names none. */
  readonly env: Readonly<NodeJS.ProcessEnv>;
}

/**
 * @throws StorageError "invalid" for a file of authorities that cannot be read or holds none, and for a proxy that this
 * Node cannot use
 */
export function createConnections({ network, maxConnections, env }: ConnectionOptions): Connections {
  const proxyEnv = proxiesOf(network, env);
  if (proxyEnv !== undefined) checkProxySupport();
  const shared = { keepAlive: true, maxSockets: maxConnections, ...(proxyEnv === undefined ? {} : { proxyEnv }) };
  const ca = network?.caFile === undefined ? {} : { ca: authoritiesIn(network.caFile) };
  const plain = new http.Agent(shared);
  const secure = new https.Agent({ ...shared, ...ca });
  return { agentFor: ({ protocol }) => (protocol === "https:" ? secure : plain) };
}

/** What is written wins over the environment, whole: no proxy of one with the exceptions of the other. */
function proxiesOf(
  network: NetworkOptions | undefined,
  env: ConnectionOptions["env"],
): Record<string, string> | undefined {
  if (network?.proxy !== undefined) {
    const proxy = network.proxy.reveal();
    if (!/^https?:$/.test(URL.parse(proxy)?.protocol ?? "")) throw noProxyUrl();
    const exceptions = network.noProxy ?? [];
    return {
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      ...(exceptions.length > 0 ? { NO_PROXY: exceptions.join(",") } : {}),
    };
  }
  const entries = (["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"] as const).map((name) => [
    name,
    env[name.toLowerCase()] || env[name],
  ]);
  const set = Object.fromEntries(entries.filter(([, value]) => value)) as Record<string, string>;
  return "HTTP_PROXY" in set || "HTTPS_PROXY" in set ? set : undefined;
}

/** Not repeated: it may hold a password. */
function noProxyUrl(): StorageError {
  const problem = 'it is no URL such as "http://proxy.example.com:3128"';
  return new StorageError({
    kind: "invalid",
    who: S3,
    operation: "read network.proxy",
    problem,
    next: "check network.proxy",
  });
}

/** Older versions take the option without a word and connect past the proxy. */
function checkProxySupport(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)) return;
  throw new StorageError({
    kind: "invalid",
    who: S3,
    operation: "use a proxy",
    problem: `Node ${process.versions.node} cannot`,
    next: "use Node 24.5 or newer (or 22.21), or unset network.proxy, HTTP_PROXY and HTTPS_PROXY",
  });
}

/** Beside those that Node trusts anyway, so that naming one's own does not shut out the world. */
function authoritiesIn(path: string): string[] {
  const text = readAuthorities(path);
  if (!text.includes("-----BEGIN CERTIFICATE-----")) throw wrongFile(path, "holds no certificate in PEM form");
  return [...getCACertificates("default"), text];
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw wrongFile(path, "cannot be read", error);
  }
}

function wrongFile(path: string, problem: string, cause?: unknown): StorageError {
  const operation = `read authorities from ${path}`;
  return new StorageError({
    kind: "invalid",
    who: S3,
    operation,
    problem: `it ${problem}`,
    next: "check network.caFile",
    cause,
  });
}
