import { orAborted, type Secret } from "@kubeferry/model";
import { type Dispatcher, EnvHttpProxyAgent, request } from "undici";
import { authoritiesOf } from "./authorities.ts";
import type { Surroundings } from "./channel.ts";
import { NotifyError, type NotifyErrorKind } from "./notify-error.ts";

/** What is posted. */
export interface Post {
  readonly url: Secret;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer is read up to here, and thrown away. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts a body once, over a connection of its own: minutes or days lie between two messages. Redirects are not
 * followed: whoever moved the address could be anybody.
 * @throws NotifyError, without the URL; the signal's reason when aborted
 */
export async function post(what: Post, around: Surroundings, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const dispatcher = await openRoute(around);
  try {
    const { status, retryAfter } = await orAborted(exchange(what, dispatcher, signal), signal);
    if (status < 200 || status > 299) throw answerError(status, retryAfter, around);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NotifyError ? error : sendError(error, around);
  } finally {
    await dispatcher.destroy();
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

async function exchange({ url, body, headers }: Post, dispatcher: Dispatcher, signal: AbortSignal): Promise<Answer> {
  const answer = await request(url.reveal(), {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json; charset=utf-8", "user-agent": "kubeferry", ...headers },
    body,
    signal,
  });
  await answer.body.dump({ limit: MAX_ANSWER_BYTES, signal });
  const after = answer.headers["retry-after"];
  return { status: answer.statusCode, retryAfter: typeof after === "string" ? after : undefined };
}

async function openRoute({ name, network: { caFile, proxy, noProxy } }: Surroundings): Promise<Dispatcher> {
  const ca = await authoritiesOf(name, { "network.caFile": caFile });
  const trust = ca === undefined ? {} : { connect: { ca }, requestTls: { ca }, proxyTls: { ca } };
  const through =
    proxy === undefined ? {} : { httpProxy: proxy.reveal(), httpsProxy: proxy.reveal(), noProxy: noProxy.join(",") };
  try {
    return new EnvHttpProxyAgent({ proxyTunnel: false, pipelining: 0, ...trust, ...through });
  } catch {
    // The error quotes the address, which can hold a password.
    const next = "write network.proxy like http://proxy.example.com:3128";
    throw errorOf("invalid", { name, problem: "network.proxy is no address of a proxy", next });
  }
}

function answerError(status: number, retryAfter: string | undefined, { name, now }: Surroundings): NotifyError {
  const later = status >= 500 || status === 408 || status === 429;
  return errorOf(later ? "unavailable" : "refused", {
    name,
    problem: `it answered ${status}`,
    next: later ? "look at the receiver" : `check notifications.channels.${name}.url`,
    ...(later ? retryAfterOf(retryAfter, now()) : {}),
  });
}

/** Seconds or a date. */
function retryAfterOf(header: string | undefined, now: Date): { retryAfterMs?: number } {
  const text = header?.trim() ?? "";
  if (/^\d{1,6}$/.test(text)) return { retryAfterMs: Number(text) * 1000 };
  const date = Date.parse(text);
  return Number.isNaN(date) ? {} : { retryAfterMs: Math.max(0, date - now.getTime()) };
}

/** The cause is not kept: what undici says can quote the address. */
function sendError(cause: unknown, { name }: Surroundings): NotifyError {
  const code = codeOf(cause);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    const next = "set network.caFile to the PEM file of its authority";
    return errorOf("refused", { name, problem: `its certificate is not trusted (${code})`, next });
  }
  const next = `check notifications.channels.${name}.url and the way there`;
  return errorOf("unavailable", { name, problem: `no answer (${code})`, next });
}

function errorOf(
  kind: NotifyErrorKind,
  { name, ...said }: { readonly name: string; readonly problem: string; readonly next: string; retryAfterMs?: number },
): NotifyError {
  return new NotifyError({ kind, who: `channel ${name}`, operation: "send a message", ...said });
}

/** "ECONNREFUSED"; a code and never a message, which can quote what was sent. */
function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === "string") return code;
  return cause === undefined ? "unknown" : codeOf(cause);
}
