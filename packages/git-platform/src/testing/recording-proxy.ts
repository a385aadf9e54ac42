import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { actOut, createFaults, type Faults } from "./faults.ts";
import { type RecordedRequest, readRequest } from "./recorded-request.ts";

/** Stands before a real host and keeps what was asked of it. */
export interface RecordingProxy {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What it answers by itself, instead of the host. */
  readonly faults: Faults;
  close(): Promise<void>;
}

/**
 * Starts one on a free loopback port; everything is handed on to `target` and back, byte for byte.
 * @param rewrite what a path, with its query, is to the host; for settings that an administrator could have made
 */
export async function startRecordingProxy(
  target: string,
  rewrite: (path: string) => string = (path) => path,
): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const faults = createFaults();
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const fault = faults.next(request);
    if (fault !== undefined) return actOut(fault, outgoing);
    await handOn(target, { ...request, path: rewrite(request.path) }, incoming.headers.authorization, outgoing);
  }
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    faults,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const HANDED_BACK = ["content-type", "link", "x-total-count", "location", "retry-after"];

async function handOn(
  target: string,
  { method, path, body, headers }: RecordedRequest,
  authorization: string | undefined,
  outgoing: ServerResponse,
): Promise<void> {
  const handedOn = ["accept", "content-type", "user-agent"].flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const answer = await fetch(`${target}${path}`, {
    method,
    headers: { ...Object.fromEntries(handedOn), ...(authorization === undefined ? {} : { authorization }) },
    redirect: "manual",
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const handedBack = HANDED_BACK.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  outgoing.writeHead(answer.status, Object.fromEntries(handedBack));
  outgoing.end(Buffer.from(await answer.arrayBuffer()));
}
