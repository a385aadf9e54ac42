import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { RefusedCall } from "./refused-call.ts";

/**
 * The bytes of a call as they came.
 * @throws RefusedCall 413 as soon as it says that it is too large, or turns out to be
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): RefusedCall {
  return new RefusedCall(413, "too-large", `the body is larger than ${maxBytes} bytes`);
}
