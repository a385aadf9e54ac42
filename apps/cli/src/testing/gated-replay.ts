import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serveSnapshot } from "@kubeferry/kube-replay";
import type { Snapshot } from "@kubeferry/snapshot";
import { testCall } from "./call.ts";

/** A read-only API over a snapshot, whose answers a test can hold back or refuse. */
export interface GatedReplay {
  readonly kubeconfig: string;
  /** Asked before each answer; a status instead of the answer, or undefined to let it through. */
  gate: (path: string) => Promise<number | undefined>;
  close(): Promise<void>;
}

/** Serves a snapshot behind a gate that is open. */
export async function gatedReplay(snapshot: Snapshot): Promise<GatedReplay> {
  const replay = await serveSnapshot(snapshot, { port: 0, access: "anyone" }, testCall);
  const gated = { gate: (_path: string): Promise<number | undefined> => Promise.resolve(undefined) };
  const server = createServer((request, response) => void answer(request.url ?? "/", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(path: string, response: ServerResponse): Promise<void> {
    const status = await gated.gate(path);
    if (status !== undefined) {
      const body = {
        kind: "Status",
        apiVersion: "v1",
        status: "Failure",
        code: status,
        message: "refused by the test",
      };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    const original = await fetch(`${replay.url}${path}`, { headers: { accept } });
    const type = original.headers.get("content-type") ?? "application/json";
    response.writeHead(original.status, { "content-type": type }).end(Buffer.from(await original.arrayBuffer()));
  }

  return Object.assign(gated, {
    kubeconfig: replay.kubeconfig.replaceAll(replay.url, url),
    async close() {
      server.closeAllConnections();
      server.close();
      await replay.close();
    },
  });
}
