import type { OutgoingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";

/** One request over TLS. */
export interface HttpsRequest {
  readonly url: string;
  readonly method?: string;
  /** PEM of the only authority that is trusted; undefined checks nothing and is for liveness probes. */
  readonly authority: string | undefined;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly agent?: Agent;
}

/** The answer, read whole. */
export interface HttpsAnswer {
  readonly status: number;
  readonly body: string;
}

/** Sends a request with an authority of its own, which `fetch` of Node cannot. */
export function httpsRequest(asked: HttpsRequest): Promise<HttpsAnswer> {
  const trust = asked.authority === undefined ? { rejectUnauthorized: false } : { ca: asked.authority };
  const options = {
    method: asked.method ?? "GET",
    headers: asked.headers ?? {},
    ...trust,
    ...(asked.signal === undefined ? {} : { signal: asked.signal }),
    // Without an agent of its own a connection is used once, so that nothing keeps a process alive.
    agent: asked.agent ?? new Agent({ keepAlive: false }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(asked.url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("error", reject);
      answer.once("end", () => {
        resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    sent.once("error", reject);
    sent.end(asked.body);
  });
}
