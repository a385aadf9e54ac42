import { type Call, orAborted } from "@kubeferry/model";
import { request as undiciRequest } from "undici";
import { PlatformError } from "../platform-error.ts";
import type { Connections } from "./connections.ts";
import type { ForgeAnswer, ForgeHttpOptions, ForgeRequest, Query } from "./forge-http.ts";

/** One host, ready to be asked. */
export interface Host {
  readonly who: string;
  readonly apiUrl: string;
  readonly connections: Connections;
  readonly timeoutMs: number;
  readonly authorize: ForgeHttpOptions["authorize"];
}

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Sends a request once and reads its answer whole. Redirects are not followed: they are answers.
 * @throws PlatformError "unavailable" when no answer came, or not all of it; "invalid" for one without an end; the signal's reason when aborted
 */
export async function exchange(host: Host, request: ForgeRequest, call: Call): Promise<ForgeAnswer> {
  call.signal.throwIfAborted();
  const started = performance.now();
  const timeout = AbortSignal.timeout(host.timeoutMs);
  const signal = AbortSignal.any([call.signal, timeout]);
  try {
    const answer = await orAborted(askOnce(host, request, signal), signal);
    const durationMs = Math.round(performance.now() - started);
    const { method, path } = request;
    call.log.debug("git host answered", {
      operation: "host_request",
      host: host.who,
      method,
      path,
      status: answer.status,
      durationMs,
    });
    return answer;
  } catch (error) {
    if (signal.aborted) await host.connections.renew();
    call.signal.throwIfAborted();
    if (error instanceof PlatformError) throw error;
    throw exchangeError(host, request, timeout.aborted, error);
  }
}

async function askOnce(host: Host, request: ForgeRequest, signal: AbortSignal): Promise<ForgeAnswer> {
  const answer = await undiciRequest(addressOf(host.apiUrl, request), {
    dispatcher: host.connections.for(request.method),
    method: request.method,
    headers: await headersOf(host, request),
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal,
  });
  return {
    status: answer.statusCode,
    headers: plainHeaders(answer.headers),
    text: await readText(host, request, answer.body),
  };
}

/** The full address of a request; `path` may be one already when a page's link named it. */
function addressOf(apiUrl: string, request: { readonly path: string; readonly query?: Query }): string {
  const url = new URL(request.path.startsWith("/") ? `${apiUrl}${request.path}` : request.path);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

async function headersOf(host: Host, request: ForgeRequest): Promise<Record<string, string>> {
  return {
    accept: "application/json",
    "user-agent": "kubeferry",
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...request.headers,
    ...(await host.authorize()),
  };
}

async function readText({ who }: Host, { operation }: ForgeRequest, body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  const read = { bytes: 0 };
  for await (const chunk of body) {
    read.bytes += chunk.byteLength;
    if (read.bytes > MAX_ANSWER_BYTES) {
      const problem = `the answer is longer than ${MAX_ANSWER_BYTES / 1024 / 1024} MB`;
      throw new PlatformError({ kind: "invalid", who, operation, problem });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}

function exchangeError(host: Host, request: ForgeRequest, timedOut: boolean, cause: unknown): PlatformError {
  const { who } = host;
  const { operation } = request;
  const { origin } = new URL(host.apiUrl);
  const code = codeOf(cause);
  if (code === "UND_ERR_INVALID_ARG") {
    const problem = "the token holds a character that no HTTP header can";
    return new PlatformError({ kind: "invalid", who, operation, problem, next: "check repository.token" });
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    const next = "set repository.caFile to the PEM file of its certificate authority";
    const problem = `the certificate of ${origin} is not trusted (${code})`;
    return new PlatformError({ kind: "invalid", who, operation, problem, next, cause });
  }
  const problem = timedOut
    ? `no whole answer from ${origin} within ${host.timeoutMs / 1000} s`
    : `no whole answer from ${origin} (${code})`;
  return new PlatformError({ kind: "unavailable", who, operation, problem, next: nextOf(request, code), cause });
}

/** Nobody was reached: more often an address than an outage. */
const NOBODY_THERE: ReadonlySet<string> = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);

function nextOf({ method }: ForgeRequest, code: string): string {
  if (NOBODY_THERE.has(code)) return "check repository.url, and that the host runs and can be reached from here";
  return method === "GET" ? "run again" : "run again, which first looks at what was done";
}

function codeOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: unknown; message?: unknown };
  if (typeof code === "string") return code;
  if (cause !== undefined) return codeOf(cause);
  return typeof message === "string" ? message : "unknown";
}
