import { randomBytes } from "node:crypto";

/** Where a span stands in its trace, as it travels from process to process. */
export interface SpanPlace {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  /** Whether whoever began the trace collects its spans. */
  readonly sampled: boolean;
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ALL_ZERO = /^0+$/;

/**
 * Reads a W3C `traceparent`: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".
 * @returns undefined for whatever is none, ids of zeros included: a new trace is better than a wrong one
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(text: string): SpanPlace | undefined {
  const [, version = "ff", traceId = "", spanId = "", flags = "", more] = FORM.exec(text) ?? [];
  // A later version may append fields; version 00 has none, and ff is no version.
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (ALL_ZERO.test(traceId) || ALL_ZERO.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a place as a W3C `traceparent`. */
export function printTraceparent({ traceId, spanId, sampled }: SpanPlace): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** A place of its own: below another one in that one's trace, else in a new trace. */
export function newPlace(parent: SpanPlace | undefined): SpanPlace {
  return {
    traceId: parent?.traceId ?? randomId(16),
    spanId: randomId(8),
    sampled: parent?.sampled ?? true,
  };
}

function randomId(bytes: number): string {
  const id = randomBytes(bytes).toString("hex");
  return ALL_ZERO.test(id) ? randomId(bytes) : id;
}
