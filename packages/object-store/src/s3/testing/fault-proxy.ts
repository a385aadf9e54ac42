import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout } from "node:timers/promises";

/** What the proxy does with one request instead of passing it on. */
export type Fault =
  | {
      readonly type: "answer";
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** The connection breaks; the server behind never sees the request. */
  | { readonly type: "drop" }
  /** The server behind does what is asked, and its answer is lost. */
  | { readonly type: "lose-answer" }
  /** The answer's body ends after so many bytes: by a reset, or by an orderly end of the connection. */
  | { readonly type: "cut"; readonly afterBytes: number; readonly end: "reset" | "close" }
  /** The server behind gets so many bytes of the body, and then a broken connection, as we do. */
  | { readonly type: "cut-request"; readonly afterBytes: number }
  /** The request waits before it is passed on. */
  | { readonly type: "delay"; readonly ms: number }
  /** Nothing ever comes back. */
  | { readonly type: "hang" };

/** A request that came by. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A proxy that breaks what a test says. */
export interface FaultProxy {
  readonly endpoint: string;
  readonly seen: readonly SeenRequest[];
  /** The most connections that were open at once. */
  mostConnections(): number;
  close(): Promise<void>;
}

/**
 * Stands between a store and a real server.
 * @param tls certificate and key, PEM, to be spoken to over TLS
 * @param plan asked for each request in the order they come; undefined passes it on
 */
export async function startFaultProxy(
  target: string,
  plan: (request: SeenRequest, index: number) => Fault | undefined,
  tls?: { readonly cert: string; readonly key: string },
): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let most = 0;
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const request = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers };
    seen.push(request);
    const fault = plan(request, seen.length - 1);
    const { socket } = incoming;
    handle(target, fault, incoming, outgoing).catch(() => socket.destroy());
  };
  const server = tls === undefined ? http.createServer(answer) : https.createServer(tls, answer);
  server.on("connection", (socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    mostConnections: () => most,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function handle(
  target: string,
  fault: Fault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (fault?.type === "drop") return void incoming.socket.destroy();
  if (fault?.type === "hang") return;
  if (fault?.type === "answer") {
    await whole(incoming);
    outgoing.writeHead(fault.status, fault.headers).end(fault.body);
    return;
  }
  if (fault?.type === "cut-request") return cutRequest(target, incoming, fault.afterBytes);
  if (fault?.type === "delay") await setTimeout(fault.ms);
  const answer = await passOn(target, incoming);
  if (fault?.type === "lose-answer") {
    await whole(answer);
    incoming.socket.destroy();
    return;
  }
  // About our own connection to the server, and not about the one to the store.
  delete answer.headers.connection;
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  if (fault?.type === "cut") return cut(fault, answer, outgoing);
  for await (const chunk of answer) outgoing.write(chunk);
  outgoing.end();
}

/** The Host header stays as it was, because the signature covers it. */
async function passOn(target: string, incoming: IncomingMessage): Promise<IncomingMessage> {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers, agent: false }, resolve);
    request.on("error", reject);
    incoming.pipe(request);
  });
}

async function cutRequest(target: string, incoming: IncomingMessage, afterBytes: number): Promise<void> {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  const request = http.request({ hostname, port, method, path, headers, agent: false });
  const { socket } = incoming;
  request.on("error", () => socket.destroy());
  let sent = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    const part = chunk.subarray(0, afterBytes - sent);
    await new Promise<void>((resolve) => request.write(part, () => resolve()));
    sent += part.length;
    if (sent >= afterBytes) break;
  }
  request.destroy();
  socket.destroy();
}

async function cut(fault: Fault & { type: "cut" }, answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = await whole(answer);
  outgoing.flushHeaders();
  await new Promise<void>((resolve) => outgoing.write(body.subarray(0, fault.afterBytes), () => resolve()));
  if (fault.end === "reset") outgoing.socket?.resetAndDestroy();
  else outgoing.socket?.end();
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
