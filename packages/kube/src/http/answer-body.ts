import { Buffer } from "node:buffer";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Call } from "@kubeferry/model";
import type { Dispatcher } from "undici";
import { KubeError } from "../kube-error.ts";
import { connectionError } from "./connection-error.ts";
import type { AnswerBody } from "./kube-http.ts";

/** Four times zlib's own: as large as the chunks of an answer that is not compressed. */
const INFLATED_CHUNK_BYTES = 64 * 1024;

/**
 * The body of an answer, inflated where it came compressed. At most one chunk is inflated ahead of the reader, so a
 * small answer that inflates without end fills no memory by itself; readers limit what they keep.
 */
export async function* answerBody(
  { headers, body }: Dispatcher.ResponseData,
  operation: string,
  server: string,
  call: Call,
): AnswerBody {
  const encoding = headers["content-encoding"];
  // pipeline's own callback has nothing to add: the same error ends the iteration below.
  const bytes: Readable =
    encoding === "gzip" ? pipeline(body, createGunzip({ chunkSize: INFLATED_CHUNK_BYTES }), () => undefined) : body;
  try {
    // A stream that is left early or fails is destroyed by its own iterator, and the connection with it.
    yield* bytes as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw isCorrupt(error)
      ? corrupt(operation, error)
      : connectionError({ operation, server, cause: error, noAnswer: false }, call);
  }
}

/**
 * Reads a body whole.
 * @throws KubeError "invalid" when it is larger than `maxBytes`
 */
export async function readWhole(body: AnswerBody, operation: string, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      const problem = `the answer is larger than ${maxBytes} bytes`;
      throw new KubeError({ kind: "invalid", who: "kube", operation, problem });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** Z_BUF_ERROR is a body that was cut off: that is the connection's fault and worth another try. */
function isCorrupt(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "Z_DATA_ERROR";
}

function corrupt(operation: string, cause: unknown): KubeError {
  return new KubeError({
    kind: "invalid",
    who: "kube",
    operation,
    problem: "the answer calls itself gzip and is not",
    next: "look for a proxy in between that changes answers",
    cause,
  });
}
