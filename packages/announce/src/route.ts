import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import type { Secret } from "@kubeferry/model";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import { AnnounceError } from "./announce-error.ts";

/** How the other end is reached. */
export interface RouteOptions {
  /** Files in PEM. */
  readonly tls: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  /** Without a proxy, HTTP_PROXY, HTTPS_PROXY and NO_PROXY count. */
  readonly network: { readonly caFile?: string; readonly proxy?: Secret; readonly noProxy: readonly string[] };
}

/** Opens nothing yet. @throws AnnounceError "key" for a file that cannot be read, and for a proxy that is none */
export function openRoute({ tls, network }: RouteOptions): Dispatcher {
  const own = [tls.caFile, network.caFile].flatMap((file) => (file === undefined ? [] : [read(file)]));
  // Beside those that Node trusts anyway, so that naming one's own does not shut out the world.
  const authorities = own.length === 0 ? {} : { ca: [...getCACertificates("default"), ...own] };
  const client = {
    ...authorities,
    ...(tls.certFile === undefined ? {} : { cert: read(tls.certFile) }),
    ...(tls.keyFile === undefined ? {} : { key: read(tls.keyFile) }),
  };
  try {
    return new EnvHttpProxyAgent({
      connect: client,
      requestTls: client,
      proxyTls: authorities,
      proxyTunnel: false,
      // One call a run: a kept connection would be closed by the time it is used again.
      pipelining: 0,
      ...through(network),
    });
  } catch {
    // The error quotes the address, which can hold a password.
    throw unusable("read network.proxy", "it is no address of a proxy", "write it like http://proxy.example.com:3128");
  }
}

function through({ proxy, noProxy }: RouteOptions["network"]): Record<string, string> {
  if (proxy === undefined) return {};
  return { httpProxy: proxy.reveal(), httpsProxy: proxy.reveal(), noProxy: noProxy.join(",") };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw unusable(`read ${path}`, "it cannot be read", "check announce.tls and network.caFile", cause);
  }
}

function unusable(operation: string, problem: string, next: string, cause?: unknown): AnnounceError {
  return new AnnounceError({ kind: "key", who: "webhook", operation, problem, next, cause });
}
