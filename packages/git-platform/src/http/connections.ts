import type { Secret } from "@kubeferry/model";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import type { HttpMethod } from "./forge-http.ts";

/** The connections to one host. */
export interface Connections {
  for(method: HttpMethod): Dispatcher;
  /**
   * Drops everything that is open or being opened, and starts afresh. Needed after a request that was given up: undici
   * does not hear a signal before it is connected, and goes on knocking at a proxy that does not answer.
   */
  renew(): Promise<void>;
  close(): Promise<void>;
}

/** How a host is reached. */
export interface Route {
  /** PEM, used instead of Node's own for host and proxy alike. */
  readonly certificateAuthorities: string | undefined;
  /** The proxy's address, instead of what the environment names. */
  readonly proxy: Secret | undefined;
}

/** How many requests may be under way to a host at once; more are queued. */
const CONNECTIONS = 8;

/**
 * Opens nothing yet. A connection that was kept may be closed by
 * the host just when it is used again. For a GET that costs a repetition; what is never repeated gets a new one
 * each time.
 */
export function createConnections(route: Route): Connections {
  const state = open(route);
  return {
    for: (method) => (method === "POST" || method === "PATCH" ? state.single : state.kept),
    async renew() {
      const old = { ...state };
      Object.assign(state, open(route));
      await destroy(old);
    },
    close: () => destroy(state),
  };
}

interface Dispatchers {
  kept: Dispatcher;
  single: Dispatcher;
}

function open({ certificateAuthorities, proxy }: Route): Dispatchers {
  const tls = certificateAuthorities === undefined ? undefined : { ca: certificateAuthorities };
  const trust = tls === undefined ? {} : { connect: tls, requestTls: tls, proxyTls: tls };
  // Plain http goes through a proxy as a plain request, as git sends it: many proxies tunnel to port 443 only.
  const shared = {
    connections: CONNECTIONS,
    proxyTunnel: false,
    ...trust,
    ...(proxy === undefined ? {} : through(proxy)),
  };
  // In undici "no pipelining" (0) means that a connection ends with its request.
  return { kept: new EnvHttpProxyAgent(shared), single: new EnvHttpProxyAgent({ ...shared, pipelining: 0 }) };
}

// Whatever the environment exempts.
function through(proxy: Secret): { httpProxy: string; httpsProxy: string; noProxy: string } {
  return { httpProxy: proxy.reveal(), httpsProxy: proxy.reveal(), noProxy: "" };
}

async function destroy({ kept, single }: Dispatchers): Promise<void> {
  await Promise.all([kept.destroy(), single.destroy()]);
}
