import { once } from "node:events";
import type { ServerResponse } from "node:http";

/** Waits while the client reads; one that has gone away ends the wait, and with it the answer. @throws Error when it has */
export async function writeOut(response: ServerResponse, chunk: string | Uint8Array): Promise<void> {
  if (chunk.length === 0 || response.write(chunk)) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort(new Error("the client went away"));
  if (response.destroyed) leave();
  response.once("close", leave);
  try {
    await once(response, "drain", { signal: gone.signal });
  } finally {
    response.off("close", leave);
  }
}
