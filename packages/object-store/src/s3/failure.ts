import type { IncomingMessage } from "node:http";
import { readWhole } from "./body.ts";
import { S3Failure } from "./errors.ts";
import { parseXml, textIn } from "./xml.ts";

/** S3's error documents are a few hundred bytes; what is longer comes from something else and is not read. */
const MAX_ERROR_BYTES = 64 * 1024;

/** What an answer without success says. Of its body only the code and the region are kept. */
export async function readFailure(answer: IncomingMessage, timeoutMs: number): Promise<S3Failure> {
  const document = await errorDocument(answer, timeoutMs);
  const header = (name: string): string | undefined => [answer.headers[name]].flat()[0];
  return new S3Failure({
    status: answer.statusCode ?? 0,
    // An answer to HEAD has no body; MinIO then says the code in a header.
    code: word((document && textIn(document, "Code")) ?? header("x-minio-error-code")),
    region: word(header("x-amz-bucket-region") ?? (document && textIn(document, "Region"))),
    retryAfterMs: waitOf(header("retry-after")),
  });
}

async function errorDocument(answer: IncomingMessage, timeoutMs: number) {
  try {
    const body = await readWhole(answer, timeoutMs, MAX_ERROR_BYTES);
    return parseXml(body.toString("utf8"), "Error");
  } catch (error) {
    // The status alone says enough; a broken error document changes nothing.
    if (error instanceof S3Failure) return undefined;
    throw error;
  }
}

/** Only what can be a code goes into messages, so that no answer can bring text of its own there. */
function word(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9_.:-]{1,64}$/.test(text) ? text : undefined;
}

/** Seconds, or a date. @see RFC 9110, section 10.2.3 */
function waitOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
