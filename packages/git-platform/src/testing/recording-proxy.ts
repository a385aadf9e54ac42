import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it went over the wire. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query: "/api/v1/repos/acme/fleet/pulls?page=2". */
  readonly path: string;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

/** Stands before a real host and keeps what was asked of it. */
export interface RecordingProxy {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

/** Starts one on a free loopback port; everything is handed on to `target` and back, byte for byte. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    handOn(target, requests, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handOn(
  target: string,
  requests: RecordedRequest[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "GET", url: path = "/" } = incoming;
  requests.push({ method, path, body: text === "" ? undefined : JSON.parse(text) });
  const headers: Record<string, string> = {};
  for (const name of ["authorization", "accept", "content-type", "user-agent"]) {
    const value = incoming.headers[name];
    if (typeof value === "string") headers[name] = value;
  }
  const answer = await fetch(`${target}${path}`, {
    method,
    headers,
    redirect: "manual",
    ...(text === "" ? {} : { body: text }),
  });
  const passedOn = ["content-type", "link", "x-total-count", "location", "retry-after"];
  const answerHeaders = passedOn.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  outgoing.writeHead(answer.status, Object.fromEntries(answerHeaders));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}
