import type { Span, SpanAttributes } from "@kubeferry/model";
import {
  type Span as OtlpSpan,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { errorText } from "../../describe-error.ts";
import { redactText } from "../../redactor.ts";
import { printTraceparent } from "../traceparent.ts";

/** What a receiver shows of an error; the log has all of it. */
const MAX_ERROR_CHARS = 1_000;

/** OpenTelemetry's span as ours: the same few calls, and no secret in what it is told. */
export function otlpSpan(span: OtlpSpan, tracer: Tracer): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const state = { ended: false };
  return {
    traceId,
    traceparent: printTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 }),
    child(name, attributes = {}) {
      const below = trace.setSpan(ROOT_CONTEXT, span);
      return otlpSpan(tracer.startSpan(name, { attributes: cleanAttributes(attributes) }, below), tracer);
    },
    set(attributes) {
      if (!state.ended) span.setAttributes(cleanAttributes(attributes));
    },
    end(error) {
      if (state.ended) return;
      state.ended = true;
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
      span.end();
    },
  };
}

/** Attributes without secrets in their texts. */
export function cleanAttributes(attributes: SpanAttributes): Record<string, string | number | boolean> {
  const clean = Object.entries(attributes).map(([key, value]): [string, string | number | boolean] => [
    key,
    typeof value === "string" ? redactText(value) : value,
  ]);
  return Object.fromEntries(clean);
}

function messageOf(error: unknown): string {
  return redactText(error instanceof Error ? errorText(error) : "unknown").slice(0, MAX_ERROR_CHARS);
}
