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
export function sendJson(response: ServerResponse, code: number, text: string, contentType = "application/json"): void {
  response.writeHead(code, { "content-type": contentType, "content-length": Buffer.byteLength(text) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}
