import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before an HTTP server and can hold one request back. */
export interface HoldingProxy {
  /** "http://127.0.0.1:40123" */
  readonly url: string;
  /** From now on holds the first request it fits. @param fits told "PUT /bucket/key?query" */
  hold(fits: (request: string) => boolean): Held;
  close(): void;
}

/** A request that is held. */
interface Held {
  /** Settles once it has come in. */
  readonly arrived: Promise<string>;
  /** Lets it go on to the server. */
  release(): void;
}

/** Starts one before a server. @param target "http://127.0.0.1:9000" */
export async function holdingProxy(target: string): Promise<HoldingProxy> {
  const held = new Set<{ fits: (request: string) => boolean; came: (request: string) => void; gate: Promise<void> }>();
  const server = createServer((incoming, response) => void pass(incoming, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = `${incoming.method} ${incoming.url}`;
    const hold = [...held].find(({ fits }) => fits(name));
    if (hold !== undefined) {
      held.delete(hold);
      hold.came(name);
      await hold.gate;
    }
    // The host stays as it was sent: it is part of what is signed.
    const options = { method: incoming.method, headers: incoming.headers, path: incoming.url };
    const outgoing = request(target, options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold(fits) {
      const gate = Promise.withResolvers<void>();
      const arrived = Promise.withResolvers<string>();
      held.add({ fits, came: arrived.resolve, gate: gate.promise });
      return { arrived: arrived.promise, release: gate.resolve };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
