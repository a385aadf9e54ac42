import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** "cut": the request never arrives. "lost": it is done, and the answer is cut. A status: refused on the way. */
type Fault = "cut" | "lost" | 500 | 503;

/** Stands before an HTTP server and lets some requests go wrong. */
export interface FaultProxy {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** Asked for each request ("PUT /bucket/key?query"); undefined lets it pass. */
  fault: (request: string) => Fault | undefined;
  /** How many went wrong so far. */
  faults(): number;
  close(): void;
}

/** Starts one that lets everything pass. @param target "http://127.0.0.1:9000" */
export async function faultProxy(target: string): Promise<FaultProxy> {
  const counted = { faults: 0 };
  const proxy = { fault: (_request: string): Fault | undefined => undefined };
  const server = createServer((incoming, response) => pass(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const fault = proxy.fault(`${incoming.method} ${incoming.url}`);
    if (fault !== undefined) counted.faults++;
    if (fault === "cut") return void incoming.socket.destroy();
    if (typeof fault === "number") {
      incoming.resume();
      incoming.once("end", () => response.writeHead(fault, { "content-length": "0" }).end());
      return;
    }
    // The host stays as it was sent: it is part of what is signed.
    const options = { method: incoming.method, headers: incoming.headers, path: incoming.url };
    const outgoing = request(target, options, (answer) => {
      if (fault === "lost") {
        answer.resume();
        answer.once("end", () => incoming.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: () => counted.faults,
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
}
