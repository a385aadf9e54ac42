export { createLog, type FieldLog, type LogOptions, type LogStream, type RootLog } from "./create-log.ts";
export type { LogLevel } from "./entry.ts";
export { LogLine, logJsonSchema } from "./log-line.ts";
export { countFailedRun, countFailuresSince, countRun, largerCounters, NO_RUNS } from "./metrics/count-run.ts";
export { type Gateway, pushMetrics, readPushed } from "./metrics/gateway.ts";
export { MetricsError, type MetricsErrorKind } from "./metrics/metrics-error.ts";
export {
  type ApplicationSample,
  type DriftKind,
  type DriftSample,
  renderDriftMetrics,
} from "./metrics/render-drift-metrics.ts";
export { type DrillSample, renderDrill } from "./metrics/render-drill.ts";
export {
  type BackupSample,
  type NewestSnapshot,
  type RequestTarget,
  renderMetrics,
  type SeriesLabels,
} from "./metrics/render-metrics.ts";
export { type MetricsPlace, type MetricsServer, serveMetrics } from "./metrics/serve-metrics.ts";
export { redact, redactText } from "./redactor.ts";
export { telemetryReference } from "./reference.ts";
export { openTraces } from "./traces/open-traces.ts";
export type { SpanStart, Traces, TracingTrouble } from "./traces/traces.ts";
