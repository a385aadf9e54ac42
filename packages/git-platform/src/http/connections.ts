import type { Secret } from "@kubeferry/model";
import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import { PlatformError } from "../platform-error.ts";
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
  /** Who speaks in errors: "gitea". */
  readonly who: string;
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
 * @throws PlatformError "invalid" for a proxy whose address cannot be used; it is not repeated, it may hold a password
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

function open(route: Route): Dispatchers {
  try {
    return dispatchersFor(route);
  } catch {
    // The only thing that is read here; the error itself quotes it.
    throw noProxy(route);
  }
}

function dispatchersFor({ certificateAuthorities, proxy }: Route): Dispatchers {
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

function noProxy({ who, proxy }: Route): PlatformError {
  const place = proxy === undefined ? "HTTP_PROXY and HTTPS_PROXY of the environment" : "repository.proxy";
  const next = "write it like http://user:password@proxy.example.com:3128, with a % in user or password written as %25";
  return new PlatformError({
    kind: "invalid",
    who,
    operation: `read ${place}`,
    problem: "it is no address of a proxy",
    next,
  });
}

async function destroy({ kept, single }: Dispatchers): Promise<void> {
  await Promise.all([kept.destroy(), single.destroy()]);
}
