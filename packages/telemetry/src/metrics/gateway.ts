import { Buffer } from "node:buffer";
import type { Call, Secret } from "@kubeferry/model";
import { MetricsError } from "./metrics-error.ts";

/** A Pushgateway. */
export interface Gateway {
  /** Without its `/metrics/job/…`: "http://pushgateway:9091". */
  readonly url: string;
  readonly job: string;
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
}

/** A run waits no longer for it. */
const TIMEOUT_MS = 10_000;
/** A gateway of thousands of clusters says no more than this. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** What tells a group of a job from its others: cluster and series, or a repository. */
export type GroupLabels = Readonly<Record<string, string>>;

/**
 * Replaces what the gateway has of these metrics for this job and group; what else it has of them stays, so
 * that a failed run does not take the time of the last success away.
 * @param text in Prometheus' text format
 * @throws MetricsError
 */
export async function pushMetrics(gateway: Gateway, labels: GroupLabels, text: string, call: Call): Promise<void> {
  const path = `/metrics/job/${encodeURIComponent(gateway.job)}/${Object.entries(labels).map(groupStep).join("/")}`;
  await send(gateway, { method: "POST", path, body: text }, call);
}

/**
 * All that the gateway has, as JSON.
 * @throws MetricsError "unavailable"; "refused" by what takes pushes and is no Pushgateway
 */
export function readGateway(gateway: Gateway, call: Call): Promise<string> {
  return send(gateway, { method: "GET", path: "/api/v1/metrics" }, call);
}

/** A value with a slash has to travel in base64. */
function groupStep([name, value]: readonly [string, string]): string {
  const inPath = value.includes("/") || value === "";
  return inPath
    ? `${name}@base64/${value === "" ? "=" : Buffer.from(value).toString("base64url")}`
    : `${name}/${encodeURIComponent(value)}`;
}

interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

async function send(gateway: Gateway, { method, path, body }: Request, call: Call): Promise<string> {
  const url = `${gateway.url.replace(/\/+$/, "")}${path}`;
  const operation = `${method === "GET" ? "read" : "push"} ${gateway.url}`;
  try {
    const answer = await fetch(url, {
      method,
      headers: { ...authorization(gateway), ...(body === undefined ? {} : { "content-type": "text/plain" }) },
      ...(body === undefined ? {} : { body }),
      redirect: "error",
      signal: AbortSignal.any([call.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (answer.ok) return await textOf(answer);
    await answer.body?.cancel();
    throw refused(operation, answer.status);
  } catch (error) {
    if (call.signal.aborted || error instanceof MetricsError) throw error;
    const problem = `no answer within ${TIMEOUT_MS / 1000} s, or none at all`;
    const next = "check metrics.push.url; the run itself is not harmed";
    throw new MetricsError({ kind: "unavailable", who: "metrics", operation, problem, next, cause: error });
  }
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of answer.body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) return "";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function authorization({ username, password }: Gateway): Record<string, string> {
  if (username === undefined && password === undefined) return {};
  const pair = `${username ?? ""}:${password?.reveal() ?? ""}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function refused(operation: string, status: number): MetricsError {
  const denied = status === 401 || status === 403;
  return new MetricsError({
    kind: "refused",
    who: "metrics",
    operation,
    problem: `it answered ${status}`,
    next: denied ? "check metrics.push.username and metrics.push.password" : "check metrics.push.url",
  });
}
