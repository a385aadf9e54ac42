import type { IncomingMessage } from "node:http";

/** A request as it went over the wire. */
export interface RecordedRequest {
  readonly method: string;
  /** With the query: "/api/v1/repos/acme/fleet/pulls?page=2". */
  readonly path: string;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** Names in lower case; without the credential. */
  readonly headers: Readonly<Record<string, string>>;
}

const CREDENTIALS = new Set(["authorization", "private-token", "proxy-authorization", "cookie"]);

/**
 * Reads a request whole.
 * @throws SyntaxError for a body that is no JSON
 */
export async function readRequest(incoming: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const { method = "GET", url: path = "/" } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" && !CREDENTIALS.has(name) ? [[name, value] as const] : [],
  );
  return {
    method,
    path,
    body: text === "" ? undefined : (JSON.parse(text) as unknown),
    headers: Object.fromEntries(headers),
  };
}
