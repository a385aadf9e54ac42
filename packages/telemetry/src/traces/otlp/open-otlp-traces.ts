import { type Link, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  detectResources,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceNameEnvDetector,
} from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { parseHeaders } from "../headers.ts";
import { parseTraceparent } from "../traceparent.ts";
import type { Traces } from "../traces.ts";
import type { Environment, TracingTarget } from "../tracing-target.ts";
import { cleanAttributes, otlpSpan } from "./otlp-span.ts";
import { samplerOf } from "./sampler.ts";
import { watchedExporter } from "./watched-exporter.ts";

/** Traces whose spans are sent to an OTLP receiver: in batches while the work goes on, the rest at its end. */
export function openOtlpTraces(
  target: TracingTarget,
  env: Environment,
  { version }: { readonly version: string },
): Traces {
  const { exporter, lost } = watchedExporter(
    new OTLPTraceExporter({
      url: target.url,
      ...(target.headers === undefined ? {} : { headers: { ...parseHeaders(target.headers.reveal()) } }),
      ...(target.timeoutMs === undefined ? {} : { timeoutMillis: target.timeoutMs }),
    }),
  );
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": "kubeferry", "service.version": version }).merge(
      detectResources({ detectors: [resourceAttributesEnvDetector, serviceNameEnvDetector] }),
    ),
    sampler: samplerOf(env),
    spanLimits: { attributeValueLengthLimit: 1_000 },
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer("kubeferry", version);
  return {
    start(name, { parent = "", attributes = {}, links = [] } = {}) {
      const above = contextOf(parent);
      const context = above === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, above);
      const span = tracer.startSpan(
        name,
        { attributes: cleanAttributes(attributes), links: links.flatMap(linkTo) },
        context,
      );
      return otlpSpan(span, tracer);
    },
    async close(timeoutMs) {
      const error = await within(timeoutMs, provider.shutdown());
      const { spans, error: earlier } = lost();
      const first = earlier ?? error;
      return first === undefined ? undefined : { url: target.url, spans, error: first };
    },
  };
}

function contextOf(traceparent: string): SpanContext | undefined {
  const place = parseTraceparent(traceparent);
  if (place === undefined) return undefined;
  const { traceId, spanId, sampled } = place;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}

function linkTo(traceparent: string): Link[] {
  const context = contextOf(traceparent);
  return context === undefined ? [] : [{ context }];
}

/** @returns why the work did not end well, or not in time */
async function within(timeoutMs: number, work: Promise<void>): Promise<Error | undefined> {
  const timer: { id?: NodeJS.Timeout } = {};
  const late = new Promise<Error>((resolve) => {
    timer.id = setTimeout(() => resolve(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error : new Error("spans could not be sent");
  } finally {
    clearTimeout(timer.id);
  }
}
