import http, { type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A question that came to a stand-in. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it says to it. */
export interface Said {
  readonly status?: number;
  readonly body?: string;
}

/** A service in this process, for those that cannot run here: token services and metadata services of clouds. */
export interface StandIn {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** @param answer undefined leaves the question open for ever */
export async function startStandIn(answer: (asked: Asked, index: number) => Said | undefined): Promise<StandIn> {
  const asked: Asked[] = [];
  const server = http.createServer((incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const question = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers, body };
      asked.push(question);
      const said = answer(question, asked.length - 1);
      if (said !== undefined) outgoing.writeHead(said.status ?? 200).end(said.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
