import { randomBytes } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Call, Secret } from "@kubeferry/model";
import { type Snapshot, SnapshotError } from "@kubeferry/snapshot";
import { answer } from "../answer.ts";
import { type ReplayCatalogue, readCatalogue } from "../catalogue.ts";
import { ReplayError, STATUS_OF_KIND } from "../replay-error.ts";
import { sendStatus } from "../status.ts";
import { checkGate, type Gate } from "./gate.ts";
import { type KubeContext, kubeconfigOf } from "./kubeconfig.ts";
import { type SelfSigned, selfSigned } from "./self-signed.ts";

/** How a snapshot is served. */
export interface ReplayOptions {
  /** 0 for a free one. */
  readonly port: number;
  /**
   * "token" (when left out): over TLS, to whoever has the token that is in the kubeconfig. "anyone": over plain HTTP, to
   * whoever reaches the port; kubectl sends no token over plain HTTP, so there is nothing between the two.
   */
  readonly access?: "token" | "anyone";
  /** The context's name in the kubeconfig. */
  readonly name?: string;
}

/** A Kubernetes API that serves one snapshot, on loopback, read-only. */
export interface ReplayServer {
  /** "https://127.0.0.1:40123" */
  readonly url: string;
  readonly context: KubeContext;
  /** A kubeconfig for it alone. It holds the token. */
  readonly kubeconfig: string;
  /** Ends every answer, open watches included. */
  close(): Promise<void>;
}

/**
 * Serves a snapshot as a read-only Kubernetes API: discovery, OpenAPI, LIST, GET and WATCH, as objects, metadata or
 * tables. What changes something is answered 405, as every refusal with a Status object that says why.
 */
export async function serveSnapshot(snapshot: Snapshot, options: ReplayOptions, call: Call): Promise<ReplayServer> {
  const catalogue = await readCatalogue(snapshot, call);
  const pair = options.access === "anyone" ? undefined : selfSigned(new Date());
  const token = pair === undefined ? undefined : new Secret(randomBytes(32).toString("base64url"));
  const server = createServer(pair, (request, response) => {
    handle({ catalogue, gate: { token }, request, response, call }).catch((error: unknown) =>
      refuse(response, error, call),
    );
  });
  const port = await listen(server, options.port);
  const url = `${pair === undefined ? "http" : "https"}://127.0.0.1:${port}`;
  const name = options.name ?? "kubeferry-replay";
  const context = { name, server: url, certificate: pair?.certificate, token };
  return { url, context, kubeconfig: kubeconfigOf([context]), close: () => close(server) };
}

function createServer(
  pair: SelfSigned | undefined,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  if (pair === undefined) return createHttpServer(listener);
  return createHttpsServer({ key: pair.key, cert: pair.certificate, minVersion: "TLSv1.2" }, listener);
}

interface Exchange {
  readonly catalogue: ReplayCatalogue;
  readonly gate: Gate;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: Call;
}

async function handle({ catalogue, gate, request, response, call }: Exchange): Promise<void> {
  const url = URL.parse(request.url ?? "/", "http://replay");
  if (url === null) throw new ReplayError("bad-request", "the path of the request cannot be read");
  checkGate(request, url.pathname, gate);
  await answer({ catalogue, url, request, response, call });
}

/** Says why there is no answer; in the middle of one there is nothing left to say, and the connection is cut. */
function refuse(response: ServerResponse, error: unknown, call: Call): void {
  if (response.headersSent) {
    if (!response.destroyed) call.log.warn("replayed API could not finish an answer", { operation: "replay", error });
    response.destroy();
  } else if (error instanceof ReplayError) {
    const { code, reason } = STATUS_OF_KIND[error.kind];
    sendStatus(response, code, reason, error.problem);
  } else {
    call.log.warn("replayed API could not answer", { operation: "replay", error });
    const next = error instanceof SnapshotError ? "; run `kubeferry snapshots verify`" : "";
    sendStatus(response, 500, "InternalError", `the snapshot could not be read${next}`);
  }
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
