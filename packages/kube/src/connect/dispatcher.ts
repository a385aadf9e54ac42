import type { SecureContextOptions } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { KubeError } from "../kube-error.ts";
import type { TlsMaterial } from "./credentials.ts";

/** How connections to one server are made. */
export interface DispatcherOptions {
  readonly tls: TlsMaterial;
  /** undefined: directly. */
  readonly proxy: string | undefined;
  /** Connections at once. */
  readonly connections: number;
  /** To the first byte of an answer, and between two of its bytes. */
  readonly timeoutMs: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** client-go's; load balancers forget silent connections after 60 s. */
const TCP_KEEP_ALIVE_MS = 30_000;
/** An idle connection is kept between two types; the server itself keeps it for minutes. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Makes the one long-lived agent of a cluster. HTTP/1.1 only: HTTP/2 costs the server twice the CPU time and gains
 * nothing for a few large lists.
 * @throws KubeError "config" for a proxy that cannot be used
 */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const connect = { ...tlsOptions(options.tls), keepAlive: true, keepAliveInitialDelay: TCP_KEEP_ALIVE_MS };
  const limits = {
    connections: options.connections,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    allowH2: false,
  };
  if (options.proxy === undefined)
    return new Agent({ ...limits, connect: { ...connect, timeout: CONNECT_TIMEOUT_MS } });
  return new ProxyAgent({ ...limits, uri: supported(options.proxy), requestTls: connect });
}

function tlsOptions(tls: TlsMaterial): SecureContextOptions & { rejectUnauthorized: boolean; servername?: string } {
  return {
    rejectUnauthorized: !tls.skipVerify,
    ...(tls.authority === undefined ? {} : { ca: tls.authority }),
    ...(tls.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}

function supported(proxy: string): string {
  if (URL.canParse(proxy) && /^(https?|socks5?):$/.test(new URL(proxy).protocol)) return proxy;
  // The address may hold a password, so it is not repeated.
  throw new KubeError({
    kind: "config",
    who: "kube",
    operation: "connect through a proxy",
    problem: "the proxy's address is none of http://, https:// and socks5://",
    next: "check proxy-url in the kubeconfig, HTTPS_PROXY and HTTP_PROXY",
  });
}
