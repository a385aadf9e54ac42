import { z } from "zod";
import { emptySection, flag, secret, textLike } from "./values.ts";

/** `tracing`: where spans are sent. */
export const tracingSection = z
  .preprocess(
    emptySection,
    z.strictObject({
      enabled: flag({
        description:
          "Whether spans are sent. Left out: true where `tracing.endpoint`, `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` says where to, and `OTEL_SDK_DISABLED` is not true. Trace ids are in logs, manifests and requests either way.",
      }).exactOptional(),
      endpoint: textLike(/^https?:\/\/[^\s@]+$/, 'a URL such as "http://otel-collector:4318"', {
        description:
          "Address of an OTLP/HTTP receiver (the OpenTelemetry Collector, Jaeger, Tempo), without its `/v1/traces`. The `OTEL_` variables say all else, and go before it.",
      }).exactOptional(),
      headers: secret({
        description: "Headers sent with them, as `OTEL_EXPORTER_OTLP_HEADERS` writes them: `authorization=Bearer ...`.",
      }).exactOptional(),
    }),
  )
  .prefault({})
  .meta({ description: "OpenTelemetry: one trace through both stages." });
