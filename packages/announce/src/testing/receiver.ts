import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A call as it arrived. */
export interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer, "cut" for a connection that ends without one, "silent" for one that stays open. */
export type Reply = { readonly status: number; readonly headers?: Record<string, string> } | "cut" | "silent";

/** An HTTP server that gives these answers, one a call; the last one for all that follow. */
export async function receiverThat(
  ...replies: readonly Reply[]
): Promise<{ readonly url: string; readonly calls: readonly Arrived[] } & AsyncDisposable> {
  const calls: Arrived[] = [];
  const server = createServer(async (request, response) => {
    calls.push({ headers: request.headers, body: Buffer.from(await text(request)) });
    const reply = replies[calls.length - 1] ?? replies.at(-1) ?? { status: 202 };
    if (reply === "cut") request.socket.destroy();
    else if (reply !== "silent") response.writeHead(reply.status, reply.headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1/backup-complete`,
    calls,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
