import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { writeTestKubeconfig } from "./test-api.ts";

/** Answers one request; `number` counts them from 1. */
export type FaultyAnswer = (asked: AskedRequest, response: ServerResponse, number: number) => void;

/** What was asked. */
interface AskedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** An HTTP server of this process that does what a real API server does only when something is wrong with it. */
export interface FaultyApi {
  readonly kubeconfig: string;
  readonly asked: AskedRequest[];
}

/** Starts one for the running test. */
export async function startFaultyApi(answer: FaultyAnswer): Promise<FaultyApi> {
  const asked: AskedRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://faulty");
    const one = { path: url.pathname, query: url.searchParams, headers: request.headers };
    asked.push(one);
    request.resume();
    request.once("end", () => answer(one, response, asked.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { kubeconfig: writeTestKubeconfig({ server: `http://127.0.0.1:${port}` }, {}), asked };
}

/** Sends JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Sends an API server's Status. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  parts: { readonly reason: string; readonly message?: string; readonly continue?: string },
  headers: Record<string, string> = {},
): void {
  const metadata = parts.continue === undefined ? {} : { continue: parts.continue };
  const { reason, message } = parts;
  sendJson(
    response,
    code,
    { kind: "Status", apiVersion: "v1", metadata, status: "Failure", reason, message, code },
    headers,
  );
}

/** A page of ConfigMaps of namespace "shop", as Go writes it: head first, items without kind and apiVersion. */
export function configMapPage(names: readonly string[], token = "", revision = "100"): string {
  const items = names.map((name) => ({
    metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion: "7" },
  }));
  const metadata = { resourceVersion: revision, ...(token === "" ? {} : { continue: token }) };
  return JSON.stringify({ kind: "ConfigMapList", apiVersion: "v1", metadata, items });
}
