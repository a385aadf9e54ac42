import { type Dispatcher, EnvHttpProxyAgent } from "undici";

/** How many requests may be under way to a host at once; more are queued. */
const CONNECTIONS = 8;

/**
 * Opens nothing yet; holds the connections of one host, through the proxy that the environment names.
 * @param certificateAuthorities PEM, used instead of Node's own for host and proxy alike
 */
export function createConnections(certificateAuthorities: string | undefined): Dispatcher {
  if (certificateAuthorities === undefined) return new EnvHttpProxyAgent({ connections: CONNECTIONS });
  const tls = { ca: certificateAuthorities };
  return new EnvHttpProxyAgent({ connections: CONNECTIONS, connect: tls, requestTls: tls, proxyTls: tls });
}
