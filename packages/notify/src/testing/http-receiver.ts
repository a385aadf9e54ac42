import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** What was posted. */
interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A receiver of webhooks on this machine. */
export interface HttpReceiver {
  readonly url: string;
  readonly posted: readonly Posted[];
  close(): Promise<void>;
}

/** How a receiver answers; "silence": never. */
export type HttpAnswer = { readonly status: number; readonly headers?: Record<string, string> } | "silence";

/** @param answers one for each call, as soon as it is there; then 200 */
export async function startHttpReceiver(
  answers: readonly (HttpAnswer | Promise<HttpAnswer>)[] = [],
): Promise<HttpReceiver> {
  const posted: Posted[] = [];
  const left = [...answers];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    posted.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString("utf8") });
    const answer = (await left.shift()) ?? { status: 200 };
    if (answer === "silence") return;
    response.writeHead(answer.status, answer.headers).end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
