import type { Agent, IncomingMessage, RequestOptions } from "node:http";
import type { Call } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import { readWhole } from "../body.ts";
import { S3, S3Failure } from "../errors.ts";
import { http, https } from "../node-http.ts";

/** Answers with keys are a few kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** One question to a service that lends keys. */
export interface Question {
  readonly url: URL;
  readonly method: "GET" | "PUT" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Left out: straight there, past every proxy. */
  readonly agent?: Agent;
  /** Who is asked, for messages: "the instance metadata service". */
  readonly whom: string;
}

/**
 * Asks once.
 * @returns the answer's text
 * @throws StorageError "unavailable" when nothing answers or it says 5xx or 429, "denied" for all else. The text of a
 * refusal is not repeated: it can hold the token it refuses.
 */
export async function ask(question: Question, call: Call): Promise<string> {
  const { url, timeoutMs } = question;
  try {
    const answer = await send(question, call);
    const text = (await readWhole(answer, timeoutMs, MAX_ANSWER_BYTES)).toString("utf8");
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return text;
    throw refusal(question, status);
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof StorageError) throw error;
    const code = error instanceof S3Failure ? error.code : codeOf(error);
    throw new StorageError({
      kind: "unavailable",
      who: S3,
      operation: "ask for keys",
      problem: `${question.whom} at ${url.origin} does not answer (${code ?? "no code"})`,
      next: "check that it can be reached from here, or write store.accessKey and store.secretKey",
      cause: error,
    });
  }
}

function send({ url, method, headers, body, timeoutMs, agent }: Question, { signal }: Call): Promise<IncomingMessage> {
  const options: RequestOptions = { method, headers: { ...headers }, signal, timeout: timeoutMs };
  if (agent !== undefined) options.agent = agent;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, options, resolve);
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new S3Failure({ code: "ETIMEDOUT" })));
    request.end(body);
  });
}

function refusal({ whom, url }: Question, status: number): StorageError {
  const kind = status >= 500 || status === 429 ? "unavailable" : "denied";
  const next = "check the role, and that this identity may take it";
  const problem = `${whom} at ${url.origin} answers HTTP ${status}`;
  return new StorageError({ kind, who: S3, operation: "ask for keys", problem, next });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
