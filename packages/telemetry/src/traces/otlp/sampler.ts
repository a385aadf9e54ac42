import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import type { Environment } from "../tracing-target.ts";

/**
 * Which traces are sent, as `OTEL_TRACES_SAMPLER` and its `_ARG` say. A name that is not known counts as
 * `parentbased_always_on`, as OpenTelemetry wants it.
 */
export function samplerOf(env: Environment): Sampler {
  const name = env.OTEL_TRACES_SAMPLER?.trim().toLowerCase() ?? "";
  const own = SAMPLERS[name.replace(/^parentbased_/, "")]?.(env) ?? new AlwaysOnSampler();
  return name in SAMPLERS ? own : new ParentBasedSampler({ root: own });
}

const SAMPLERS: Readonly<Record<string, (env: Environment) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: ({ OTEL_TRACES_SAMPLER_ARG }) => new TraceIdRatioBasedSampler(ratioOf(OTEL_TRACES_SAMPLER_ARG)),
};

function ratioOf(text: string | undefined): number {
  const ratio = Number(text?.trim() || "1");
  return ratio >= 0 && ratio <= 1 ? ratio : 1;
}
