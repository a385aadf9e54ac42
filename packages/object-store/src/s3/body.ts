import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { S3Failure } from "./errors.ts";

/**
 * An answer's bytes as they come. Node fails an answer that is shorter than its Content-Length, or whose last chunk is
 * missing: what ends here without an error is whole.
 * @throws S3Failure when the connection breaks, or no byte comes for so long; leaving the loop early closes it
 */
export async function* chunksOf(answer: IncomingMessage, timeoutMs: number): AsyncGenerator<Uint8Array> {
  const chunks = answer[Symbol.asyncIterator]();
  let ended = false;
  try {
    let step = await nextChunk(answer, chunks, timeoutMs);
    for (; step.done !== true; step = await nextChunk(answer, chunks, timeoutMs)) yield step.value;
    ended = true;
  } catch (error) {
    throw error instanceof S3Failure ? error : new S3Failure({ code: codeOf(error), cause: error });
  } finally {
    // What is left unread would arrive before the answer to the next request.
    if (!ended) answer.destroy();
  }
}

/** The wait is limited here, and not on the socket: a caller may take its time between two chunks. */
async function nextChunk(
  answer: IncomingMessage,
  chunks: AsyncIterator<Uint8Array>,
  timeoutMs: number,
): Promise<IteratorResult<Uint8Array, unknown>> {
  const timer = setTimeout(() => answer.destroy(new S3Failure({ code: "ETIMEDOUT" })), timeoutMs);
  try {
    return await chunks.next();
  } finally {
    clearTimeout(timer);
  }
}

/** Reads an answer to its end. @throws S3Failure as `chunksOf`, also when there are more than `limitBytes` */
export async function readWhole(answer: IncomingMessage, timeoutMs: number, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(answer, timeoutMs)) {
    bytes += chunk.length;
    if (bytes > limitBytes) throw new S3Failure({ code: "AnswerTooLarge" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads what nobody needs, so that the connection can serve the next request. */
export async function discard(answer: IncomingMessage, timeoutMs: number): Promise<void> {
  for await (const _ of chunksOf(answer, timeoutMs));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
