export { createLog, type FieldLog, type LogOptions, type LogStream, type RootLog } from "./create-log.ts";
export type { LogLevel } from "./entry.ts";
export { countRun, NO_RUNS } from "./metrics/count-run.ts";
export { redact, redactText } from "./redactor.ts";
