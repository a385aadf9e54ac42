export type { FieldChange } from "./compare/field-change.ts";
export { RecoveryError, type RecoveryErrorKind } from "./recovery-error.ts";
export type {
  LeftOut,
  PlanEntry,
  PlannedAction,
  PlannedObject,
  PruneSettings,
  RestoreFilter,
  RestorePlan,
  RestoreSettings,
} from "./restore/restore-plan.ts";
export { WAVES, type Wave } from "./restore/wave.ts";
