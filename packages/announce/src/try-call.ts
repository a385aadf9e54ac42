import { type Call, orAborted, type Secret } from "@kubeferry/model";
import { type Dispatcher, request } from "undici";
import { AnnounceError } from "./announce-error.ts";
import type { CallEvent } from "./read-event.ts";
import type { RouteOptions } from "./route.ts";
import { signCall, unixSeconds } from "./sign.ts";

/** One try of a call. */
export interface Try {
  readonly url: string;
  readonly keys: readonly Secret[];
  readonly timeoutMs: number;
  readonly dispatcher: Dispatcher;
  /** What the dispatcher shows: an error names it. */
  readonly tls: RouteOptions["tls"];
  readonly now: Date;
}

/**
 * Sends an event once, in structured mode, signed with every key.
 * @throws AnnounceError "refused" or "unavailable", with what the receiver said of when to come again; the signal's
 * reason when aborted
 */
export async function tryCall(event: CallEvent, to: Try, call: Call): Promise<void> {
  const timeout = AbortSignal.timeout(to.timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  const body = Buffer.from(JSON.stringify(event));
  try {
    const answer = await orAborted(post(event, body, to, signal), signal);
    if (answer.status < 200 || answer.status > 299) throw answerError(answer, to);
  } catch (error) {
    call.signal.throwIfAborted();
    throw error instanceof AnnounceError ? error : sendError(error, timeout.aborted, to);
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

async function post(
  event: CallEvent,
  body: Buffer,
  { url, keys, dispatcher, now }: Try,
  signal: AbortSignal,
): Promise<Answer> {
  const { id } = event;
  const traceparent = "traceparent" in event ? event.traceparent : undefined;
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(url, {
    dispatcher,
    method: "POST",
    headers: {
      "content-type": "application/cloudevents+json; charset=utf-8",
      "user-agent": "kubeferry",
      "webhook-id": id,
      "webhook-timestamp": String(unixSeconds(now)),
      "webhook-signature": keys.map((key) => signCall({ id, timestamp: now, body }, key)).join(" "),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    body,
    signal,
  });
  // Nothing in it is of use; read to its end, up to what a connection is worth.
  await answer.dump({ limit: 64 * 1024, signal });
  const after = headers["retry-after"];
  return { status: statusCode, retryAfter: typeof after === "string" ? after : undefined };
}

function answerError({ status, retryAfter }: Answer, { url, now }: Try): AnnounceError {
  const later = status >= 500 || status === 408 || status === 429;
  return new AnnounceError({
    kind: later ? "unavailable" : "refused",
    who: "webhook",
    operation: `call ${url}`,
    problem: `the receiver answered ${status}`,
    next: NEXT[status] ?? (later ? TRY_LATER : "check announce.url; the receiver's log says why"),
    ...(later ? retryAfterOf(retryAfter, now) : {}),
  });
}

const TRY_LATER = "see whether the receiver runs, and what its log says";

/** What an answer of `kubeferry gitops serve` most likely means. */
const NEXT: Readonly<Record<number, string>> = {
  401: "compare webhook.keys and the clocks of both ends",
  403: "compare webhook.keys, and announce.tls with the authorities that the receiver asks for",
  404: "announce.url ends in /v1/backup-complete",
};

/** Seconds or a date. */
function retryAfterOf(header: string | undefined, now: Date): { retryAfterMs?: number } {
  const text = header?.trim() ?? "";
  if (/^\d{1,6}$/.test(text)) return { retryAfterMs: Number(text) * 1000 };
  const date = Date.parse(text);
  return Number.isNaN(date) ? {} : { retryAfterMs: Math.max(0, date - now.getTime()) };
}

function sendError(cause: unknown, timedOut: boolean, { url, timeoutMs, tls }: Try): AnnounceError {
  const code = codeOf(cause);
  const operation = `call ${url}`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) && !isAlert(code)) {
    const problem = `the receiver's certificate is not trusted (${code})`;
    const next = "set announce.tls.caFile to the PEM file of its authority";
    return new AnnounceError({ kind: "refused", who: "webhook", operation, problem, next, cause });
  }
  const problem = timedOut ? `no answer within ${timeoutMs / 1000} s` : `no answer (${code})`;
  const next =
    url.startsWith("https:") && (isCut(code) || isAlert(code)) ? `${TRY_LATER}; ${showCertificate(tls)}` : TRY_LATER;
  return new AnnounceError({ kind: "unavailable", who: "webhook", operation, problem, next, cause });
}

/** With TLS 1.3 a receiver that misses a client certificate ends the connection after the call was sent. */
function isCut(code: string): boolean {
  return code === "UND_ERR_SOCKET" || code === "ECONNRESET" || code === "EPIPE";
}

/** What the other end says, of our certificate or of our TLS. */
function isAlert(code: string): boolean {
  return code.includes("_ALERT_");
}

function showCertificate({ certFile }: RouteOptions["tls"]): string {
  return certFile === undefined
    ? "if it asks for client certificates, set announce.tls.certFile and announce.tls.keyFile"
    : "if it asks for client certificates, compare announce.tls.certFile with the authorities it takes";
}

function codeOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof message === "string" ? message : "unknown";
}
