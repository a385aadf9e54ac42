export type { FieldChange } from "./compare/field-change.ts";
export type { ExportSink } from "./export/export-sink.ts";
export { type ExportOptions, type ExportReport, exportSnapshot } from "./export/export-snapshot.ts";
export { openSink } from "./export/open-sink.ts";
export { RecoveryError, type RecoveryErrorKind } from "./recovery-error.ts";
export type {
  LeftOut,
  LiveMark,
  Obstacle,
  PlanEntry,
  PlannedAction,
  PlannedObject,
  PlannedOwner,
  PruneSettings,
  RestoreFilter,
  RestorePlan,
  RestoreSettings,
  Withouts,
} from "./restore/restore-plan.ts";
export { WAVES, type Wave } from "./restore/wave.ts";
export { laterWave, waveOf } from "./restore/wave-of.ts";
