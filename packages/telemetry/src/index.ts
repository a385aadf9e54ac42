export { createLog, type FieldLog, type LogOptions, type LogStream, type RootLog } from "./create-log.ts";
export type { LogLevel } from "./entry.ts";
export { jsonText } from "./json-text.ts";
export { LogLine, logJsonSchema } from "./log-line.ts";
export { addGitOpsCounters, countGitOpsRun, NO_GITOPS_RUNS } from "./metrics/count-gitops-run.ts";
export { countFailedRun, countFailuresSince, countRun, largerCounters, NO_RUNS } from "./metrics/count-run.ts";
export { type Gateway, type GroupLabels, pushMetrics } from "./metrics/gateway.ts";
export {
  type CallOutcome,
  type GitOpsCounters,
  type GitOpsRunStatus,
  type GitOpsSample,
  type ReceiverSample,
  renderGitOpsMetrics,
} from "./metrics/gitops-samples.ts";
export { MetricsError, type MetricsErrorKind } from "./metrics/metrics-error.ts";
export { type Pushed, readPushed, readPushedGroup } from "./metrics/read-pushed.ts";
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
export { measureProcess, renderNotifications, renderSecurityEvents } from "./metrics/render-process-metrics.ts";
export { type MetricsPlace, type MetricsServer, serveMetrics } from "./metrics/serve-metrics.ts";
export {
  addNotifications,
  createNotificationCounter,
  type NotificationCounts,
  processNotifications,
} from "./notification-counts.ts";
export { redact, redactText } from "./redactor.ts";
export { telemetryReference } from "./reference.ts";
export { addSecurityEvents, createSecurityEventCounter, type SecurityEventCounts } from "./security-events.ts";
export { openTraces } from "./traces/open-traces.ts";
export type { SpanStart, Traces, TracingTrouble } from "./traces/traces.ts";
