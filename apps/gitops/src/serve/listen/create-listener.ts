import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import type { TlsMaterial } from "./tls-files.ts";

/** How long a connection may keep the receiver waiting. */
export interface Patience {
  readonly handshakeMs: number;
  readonly headersMs: number;
  /** For the whole of a request. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
}

/** A call has some hundred bytes: whoever needs longer is no backup. */
const PATIENCE: Patience = { handshakeMs: 5_000, headersMs: 5_000, requestMs: 10_000, keepAliveMs: 5_000 };

const MAX_HEADER_BYTES = 16 * 1024;
const MAX_CONNECTIONS = 512;

/** A listener; with TLS, that of `tls`, so that its certificate can be changed. */
export type Listener = { readonly server: Server; readonly tls?: TlsServer };

/** Told of connections that had no certificate that is accepted; a reason such as "UNABLE_TO_VERIFY_LEAF_SIGNATURE". */
type OnClientRefused = (from: string, reason: string) => void;

/** Makes a server that nobody can hold up by being slow. */
export function createListener(
  handler: RequestListener,
  { tls, patience = PATIENCE, onClientRefused }: ListenerOptions,
): Listener {
  const { handshakeMs, headersMs, requestMs, keepAliveMs } = patience;
  const options = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, requestMs),
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  if (tls === undefined) return { server: limited(createServer(options, handler)) };
  const mutual = tls.ca !== undefined;
  const server = createTlsServer(
    { ...options, ...tls, handshakeTimeout: handshakeMs, requestCert: mutual, rejectUnauthorized: mutual },
    handler,
  );
  if (mutual) {
    // A refused connection is closed before it is told of, and then has no address but one that was asked for before. This
    // is the first event that has the socket; its line (a key of the connection) is of no use here.
    server.on("keylog", (_line, socket) => void socket.remoteAddress);
    server.on("tlsClientError", (error, socket) => tellRefused(error, socket, onClientRefused));
  }
  // An https.Server does all that fastify asks of a server; only its type is another one.
  return { server: limited(server as unknown as Server), tls: server };
}

/** What a listener is made with. */
export interface ListenerOptions {
  readonly tls?: TlsMaterial;
  readonly patience?: Patience;
  readonly onClientRefused?: OnClientRefused;
}

function limited(server: Server): Server {
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** Probes that only connect, and clients that do not trust our certificate, come here too: they are nobody's attack. */
function tellRefused(error: NodeJS.ErrnoException, socket: TLSSocket, tell: OnClientRefused | undefined): void {
  const reason = refusal(error, socket);
  if (reason !== undefined) tell?.(socket.remoteAddress ?? "", reason);
}

function refusal({ code }: NodeJS.ErrnoException, { authorizationError }: TLSSocket): string | undefined {
  if (code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") return "no certificate";
  // Node gives the code, where the type says an error.
  const verified: unknown = authorizationError;
  return typeof verified === "string" ? verified : undefined;
}
