export { allOrFirstReason } from "./all-or-first-reason.ts";
export { type Call, callWith, type Log, type LogFields, silentLog } from "./call.ts";
export { type ErrorParts, KubeferryError } from "./error.ts";
export { finishing, type PointOfNoReturn, untilPoint } from "./finishing.ts";
export { type ClusterIdentity, clusterPath, type IdentitySource } from "./identity.ts";
export { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "./json.ts";
export { annotationOf, at, keysAt, labelOf, objectsAt, textAt } from "./json-fields.ts";
export { keyOfStep, pointerStep } from "./json-pointer.ts";
export { matchesSelector, parseSelector, type Requirement, selectorProblem } from "./label-selector.ts";
export type {
  ComparedEnvironment,
  FolderLikeness,
  FoundParameter,
  Likeness,
  ObjectDifference,
  ObjectInSome,
  SummaryReport,
} from "./likeness.ts";
export { noteSecurityEvent } from "./note-security-event.ts";
export { once } from "./once.ts";
export { LOG_OPERATIONS, type LogOperation } from "./operation.ts";
export { orAborted } from "./or-aborted.ts";
export type { OverlayDifference, OverlayVerification, UnverifiedOverlay } from "./overlay-verification.ts";
export { parseJson } from "./parse-json.ts";
export { pathSegment } from "./path-segment.ts";
export { peakMemoryBytes } from "./peak-memory.ts";
export type {
  Announcement,
  BackupReport,
  BlockedObject,
  Consistency,
  Failure,
  FrozenFolder,
  GitOpsReport,
  LookedAfter,
  ProposedFile,
  PruneSummary,
  PublishMode,
  PullRequestOutcome,
  RequestReport,
  RunReport,
  RunStatus,
  SecretsMode,
  SkippedType,
  UnreadType,
} from "./report.ts";
export {
  apiVersionOf,
  compareTypes,
  compareUtf8,
  type ObjectKey,
  type ObjectRef,
  objectKey,
  type ResourceType,
  splitObjectKey,
  typeName,
} from "./resource.ts";
export type { RestoreReport } from "./restore-report.ts";
export type { RetentionPolicy } from "./retention-policy.ts";
export type { DurationCounts, RunCounters } from "./run-counters.ts";
export { Secret } from "./secret.ts";
export { SECURITY_EVENTS, type SecurityEvent } from "./security-event.ts";
export { inSpan, type Span, type SpanAttributes } from "./span.ts";
export { stringifyJson } from "./stringify-json.ts";
export { createTurns } from "./turn.ts";
export type { ValidationFinding, ValidationReport, ValidationSummary } from "./validation.ts";
export { webhookKeyBytes, webhookKeyText } from "./webhook-key.ts";
