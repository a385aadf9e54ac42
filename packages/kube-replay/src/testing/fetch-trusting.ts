import { request } from "node:https";
import type { ReplayServer } from "../serve/replay-server.ts";

/** Asks a server over TLS, trusting the certificate of its kubeconfig and no other. */
export function fetchTrusting(
  { url, context }: ReplayServer,
  path: string,
  authorization: string | undefined,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const headers = authorization === undefined ? {} : { authorization };
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { ca: context.certificate ?? "", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }));
    })
      .once("error", reject)
      .end();
  });
}
