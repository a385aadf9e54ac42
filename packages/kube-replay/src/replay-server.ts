import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Call } from "@kubeferry/model";
import type { Snapshot } from "@kubeferry/snapshot";
import { answer } from "./answer.ts";
import { type ReplayCatalogue, readCatalogue } from "./catalogue.ts";
import { sendStatus } from "./status.ts";

/** A Kubernetes API that serves one snapshot, on loopback, read-only. */
export interface ReplayServer {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** A kubeconfig for it; there is nothing secret in it. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

/**
 * Serves a snapshot as a read-only Kubernetes API: discovery, OpenAPI, LIST with `limit` and `continue`, GET. Every
 * other verb is answered 405, selectors and watches 400, as Status objects that say so.
 * @param options.port 0 for a free one
 */
export async function serveSnapshot(
  snapshot: Snapshot,
  options: { readonly port: number },
  call: Call,
): Promise<ReplayServer> {
  const catalogue = await readCatalogue(snapshot, call);
  const server = createServer((request, response) => {
    handle(catalogue, request, response, call).catch((error: unknown) => {
      call.log.warn("replayed API could not answer", { operation: "replay", error });
      if (response.headersSent) response.destroy();
      else
        sendStatus(response, 500, "InternalError", "the snapshot could not be read; run `kubeferry snapshots verify`");
    });
  });
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  return { url, kubeconfig: kubeconfigFor(url), close: () => close(server) };
}

async function handle(
  catalogue: ReplayCatalogue,
  request: IncomingMessage,
  response: ServerResponse,
  call: Call,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return sendStatus(response, 405, "MethodNotAllowed", "this is a snapshot: it can be read, not changed");
  }
  const url = new URL(request.url ?? "/", "http://replay");
  await answer({ catalogue, url, accept: request.headers.accept ?? "", response, call });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function kubeconfigFor(server: string): string {
  const name = "kubeferry-replay";
  return `${JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  })}\n`;
}
