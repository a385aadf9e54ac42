import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { writeTestKubeconfig } from "./test-api.ts";

/** What happens to one request on its way to the real server; undefined: nothing. */
export type Fault =
  | { readonly kind: "latency"; readonly ms: number }
  /** The connection is torn down before an answer. */
  | { readonly kind: "reset" }
  /** The request is taken, and no answer ever comes. */
  | { readonly kind: "half-open" }
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** So many bytes of the real answer, then the connection is torn down. */
  | { readonly kind: "truncate"; readonly bytes: number }
  | undefined;

/** Stands between a client and a real API server. */
export interface FaultProxy {
  readonly kubeconfig: string;
  /** Paths with their queries, in order of arrival. */
  readonly asked: readonly string[];
  /** Decides about each request from now on; `number` counts from 1 anew. */
  inject(fault: (path: string, number: number) => Fault): void;
}

/** What the proxy needs to know of the server. */
interface Upstream {
  readonly url: string;
  readonly caFile: string;
  readonly adminToken: string;
}

/** Starts one for the running test, without faults. */
export async function startFaultProxy(upstream: Upstream): Promise<FaultProxy> {
  const asked: string[] = [];
  let faultOf: (path: string, number: number) => Fault = () => undefined;
  let number = 0;
  const ca = readFileSync(upstream.caFile, "utf8");
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const fault = faultOf(path, ++number);
    if (fault?.kind === "half-open") return;
    if (fault?.kind === "reset") return void request.socket.destroy();
    if (fault?.kind === "status") return void response.writeHead(fault.status, fault.headers).end("upstream trouble");
    const latencyMs = fault?.kind === "latency" ? fault.ms : 0;
    const limit = fault?.kind === "truncate" ? fault.bytes : Number.POSITIVE_INFINITY;
    setTimeout(() => forward(request, response, { url: upstream.url, ca, limit }), latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: writeTestKubeconfig({ server: url }, { token: upstream.adminToken }),
    asked,
    inject(fault) {
      faultOf = fault;
      number = 0;
    },
  };
}

interface Way {
  readonly url: string;
  readonly ca: string;
  /** Bytes of the answer that are let through. */
  readonly limit: number;
}

function forward(request: IncomingMessage, response: ServerResponse, { url, ca, limit }: Way): void {
  const { method, headers } = request;
  const onward = httpsRequest(url + request.url, { method, ca, headers: { ...headers, host: new URL(url).host } });
  onward.on("error", () => response.destroy());
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    let left = limit;
    answer.on("error", () => response.destroy());
    answer.on("data", (chunk: Buffer) => {
      response.write(chunk.subarray(0, left), () => left <= 0 && response.destroy());
      left -= chunk.length;
    });
    answer.on("end", () => left > 0 && response.end());
  });
  request.pipe(onward);
}
