import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MetricsError } from "./metrics-error.ts";

/** Where metrics are served. */
export interface MetricsPlace {
  readonly host: string;
  /** 0 takes any. */
  readonly port: number;
  /** "/metrics" */
  readonly path: string;
}

/** A server of metrics. It never keeps a process alive. */
export interface MetricsServer {
  /** "http://127.0.0.1:8080/metrics" */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves what `render` gives, until `close`.
 * @param render called for each request; the text format of Prometheus
 * @throws MetricsError "port-taken", or "unavailable" where the address cannot be listened on
 */
export async function serveMetrics(place: MetricsPlace, render: () => Promise<string>): Promise<MetricsServer> {
  // Only here: every command imports this file, and hardly any of them serves.
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => void answer(request, response, place.path, render));
  server.unref();
  try {
    server.listen(place.port, place.host);
    await once(server, "listening");
  } catch (cause) {
    throw notListening(place, cause);
  }
  // From here on a broken connection is the other side's trouble.
  server.on("error", () => undefined);
  return { url: urlOf(server, place), close: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  render: () => Promise<string>,
): Promise<void> {
  const asked = (request.url ?? "").replace(/\?.*$/s, "");
  if (asked !== path) return say(response, 404, `metrics are at ${path}\n`);
  if (request.method !== "GET" && request.method !== "HEAD") return say(response, 405, "GET only\n");
  try {
    say(response, 200, await render());
  } catch {
    say(response, 500, "metrics could not be rendered\n");
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(text);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}

function urlOf(server: Server, { host, path }: MetricsPlace): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}${path}`;
}

function notListening({ host, port }: MetricsPlace, cause: unknown): MetricsError {
  const taken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
  return new MetricsError({
    kind: taken ? "port-taken" : "unavailable",
    who: "metrics",
    operation: `listen on ${host}:${port}`,
    problem: taken ? "another program listens there" : "the address cannot be used",
    next: taken ? "set metrics.port to a free one, or metrics.enabled to false" : "check metrics.host and metrics.port",
    cause,
  });
}
