import type { ServerResponse } from "node:http";

/** Ends an answer with a Kubernetes Status object, as clients expect failures. */
export function sendStatus(response: ServerResponse, code: number, reason: string, message: string): void {
  sendJson(
    response,
    code,
    JSON.stringify({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code }),
  );
}

/** Ends an answer with a JSON text. */
export function sendJson(
  response: ServerResponse,
  code: number,
  text: string | Uint8Array,
  contentType = "application/json",
): void {
  response.writeHead(code, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

/** Gives the client something to tell its user; kubectl prints each as "Warning: …". To be called before the head is sent. */
export function addWarnings(response: ServerResponse, warnings: readonly string[]): void {
  if (warnings.length > 0) response.setHeader("warning", warnings.map(headerOf));
}

/** RFC 7234 §5.5: code, agent, quoted text. A reason comes from a stranger: what a header cannot carry becomes "?". */
function headerOf(warning: string): string {
  return `299 - "${warning.replace(/[^\x20-\x7e]+/g, "?").replace(/["\\]/g, "\\$&")}"`;
}
