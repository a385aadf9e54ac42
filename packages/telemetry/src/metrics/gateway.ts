import { Buffer } from "node:buffer";
import type { Call, Secret } from "@kubeferry/model";
import { z } from "zod";
import type { PushedCounters } from "./count-run.ts";
import { MetricsError } from "./metrics-error.ts";
import type { SeriesLabels } from "./render-metrics.ts";

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

/**
 * Replaces what the gateway has of these metrics for this job, cluster and series; what else it has of them stays, so
 * that a failed run does not take the time of the last success away.
 * @param text in Prometheus' text format
 * @throws MetricsError
 */
export async function pushMetrics(gateway: Gateway, labels: SeriesLabels, text: string, call: Call): Promise<void> {
  const { cluster, series } = labels;
  // A value with a slash has to travel in base64.
  const group = `cluster@base64/${Buffer.from(cluster).toString("base64url")}/series/${encodeURIComponent(series)}`;
  const path = `/metrics/job/${encodeURIComponent(gateway.job)}/${group}`;
  await send(gateway, { method: "POST", path, body: text }, call);
}

/**
 * What was last pushed for this job, cluster and series.
 * @returns undefined when nothing was, or when what answers cannot say so
 * @throws MetricsError "unavailable"; "refused" by what takes pushes and is no Pushgateway
 */
export async function readPushed(
  gateway: Gateway,
  labels: SeriesLabels,
  call: Call,
): Promise<PushedCounters | undefined> {
  const answer = await send(gateway, { method: "GET", path: "/api/v1/metrics" }, call);
  const parsed = Answer.safeParse(jsonOf(answer));
  const wanted = { job: gateway.job, ...labels };
  const group = parsed.data?.data.find((each) => isOf(each.labels, wanted));
  if (group === undefined) return undefined;
  const duration = group.cluster_backup_duration_seconds?.metrics[0];
  return {
    failedRuns: wholeOf(group.cluster_backup_errors_total),
    objects: wholeOf(group.cluster_backup_resources_total),
    objectErrors: wholeOf(group.cluster_backup_object_errors_total),
    durations: {
      count: whole(duration?.count),
      sumMs: whole(duration?.sum, 1000),
      buckets: Object.fromEntries(
        Object.entries(duration?.buckets ?? {})
          .filter(([bound]) => Number.isFinite(Number(bound)))
          .map(([bound, runs]) => [String(Number(bound)), whole(runs)]),
      ),
    },
  };
}

// Numbers travel as texts there.
const Counted = z.object({ metrics: z.array(z.object({ value: z.string() })) });
const Durations = z.object({
  metrics: z.array(z.object({ count: z.string(), sum: z.string(), buckets: z.record(z.string(), z.string()) })),
});
const Answer = z.object({
  data: z.array(
    z.object({
      labels: z.record(z.string(), z.string()),
      cluster_backup_errors_total: Counted.optional(),
      cluster_backup_resources_total: Counted.optional(),
      cluster_backup_object_errors_total: Counted.optional(),
      cluster_backup_duration_seconds: Durations.optional(),
    }),
  ),
});

function isOf(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(wanted);
  return Object.keys(labels).length === names.length && names.every((name) => labels[name] === wanted[name]);
}

function wholeOf(counted: z.output<typeof Counted> | undefined): number {
  return whole(counted?.metrics[0]?.value);
}

function whole(text: string | undefined, factor = 1): number {
  const number = Math.round(Number(text ?? "0") * factor);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Something else than a Pushgateway takes pushes too; what it has cannot be read this way.
    return undefined;
  }
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
