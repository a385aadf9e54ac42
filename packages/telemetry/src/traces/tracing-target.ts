import type { Secret } from "@kubeferry/model";

/** What the configuration says of traces. */
export interface TracingSettings {
  /** Left out: whether anything says where spans go. */
  readonly enabled?: boolean;
  /** Of an OTLP/HTTP receiver, without its `/v1/traces`. */
  readonly endpoint?: string;
  /** "name=value,name=value", values percent-encoded. */
  readonly headers?: Secret;
}

/** Where spans are sent, and what they carry with them. */
export interface TracingTarget {
  /** "http://otel-collector:4318/v1/traces". */
  readonly url: string;
  /** Undefined where the exporter reads them from the environment itself. */
  readonly headers: Secret | undefined;
  /** How long the receiver has for an answer; undefined where the environment says it. */
  readonly timeoutMs: number | undefined;
}

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A run waits no longer for a receiver that does not answer, unless it is told to. */
const TIMEOUT_MS = 3_000;
/** What OpenTelemetry takes where nothing says anything. */
const DEFAULT_ENDPOINT = "http://localhost:4318";
const TRACES_PATH = "v1/traces";

/**
 * Where spans are to be sent. What OpenTelemetry's variables say goes before the configuration.
 * @returns undefined when none are
 */
export function tracingTarget(settings: TracingSettings, env: Environment): TracingTarget | undefined {
  const written = (name: string): string | undefined => env[name]?.trim() || undefined;
  if (written("OTEL_SDK_DISABLED")?.toLowerCase() === "true") return undefined;
  if (written("OTEL_TRACES_EXPORTER")?.toLowerCase() === "none") return undefined;
  const own = written("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const shared = written("OTEL_EXPORTER_OTLP_ENDPOINT") ?? settings.endpoint;
  const { enabled = own !== undefined || shared !== undefined } = settings;
  if (!enabled) return undefined;
  const isSaid = (what: string) =>
    written(`OTEL_EXPORTER_OTLP_${what}`) !== undefined || written(`OTEL_EXPORTER_OTLP_TRACES_${what}`) !== undefined;
  return {
    url: own ?? tracesUrl(shared ?? DEFAULT_ENDPOINT),
    headers: isSaid("HEADERS") ? undefined : settings.headers,
    timeoutMs: isSaid("TIMEOUT") ? undefined : TIMEOUT_MS,
  };
}

/** Variables that hold secrets. */
export const SECRET_VARIABLES: readonly string[] = ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"];

function tracesUrl(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, "");
  return base.endsWith(`/${TRACES_PATH}`) ? base : `${base}/${TRACES_PATH}`;
}
