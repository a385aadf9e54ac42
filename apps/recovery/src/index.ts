export type { Patience } from "@kubeferry/publish";
export { type CleanedPair, cleanPair } from "./compare/clean-pair.ts";
export { type ComparisonOptions, compareObjects } from "./compare/compare-objects.ts";
export type { FieldChange } from "./compare/field-change.ts";
export { createTypeSchemas, type TypeSchema, type TypeSchemas } from "./compare/schema/type-schemas.ts";
export { type Diff, type DiffOptions, diffSides } from "./diff/diff-sides.ts";
export type { DiffReport, NotCompared, ObjectDifference } from "./diff/difference.ts";
export { type ApplicationStatus, applicationStatuses } from "./drift/applications.ts";
export { driftText } from "./drift/drift-text.ts";
export { type Drift, type DriftOptions, findDrift } from "./drift/find-drift.ts";
export { type GitSide, type GitSideOptions, gitSide } from "./drift/git-side.ts";
export type { ExportSink } from "./export/export-sink.ts";
export { type ExportOptions, type ExportReport, exportSnapshot } from "./export/export-snapshot.ts";
export { openSink } from "./export/open-sink.ts";
export { findType } from "./history/find-type.ts";
export { type HistoryEvent, type HistoryOptions, objectHistory } from "./history/object-history.ts";
export {
  type ImportedSnapshot,
  type ImportSource,
  type ImportTarget,
  importSnapshots,
} from "./import/import-snapshots.ts";
export { RecoveryError, type RecoveryErrorKind } from "./recovery-error.ts";
export { diffJson } from "./render/diff-json.ts";
export { diffMarkdown } from "./render/diff-markdown.ts";
export { diffCounts, diffNames } from "./render/diff-overview.ts";
export { diffText } from "./render/diff-text.ts";
export { diffUnified } from "./render/diff-unified.ts";
export { historyText } from "./render/history-text.ts";
export type { MarkedLine } from "./render/marked-line.ts";
export { fieldText } from "./render/value-text.ts";
export { type ApplyRestoreOptions, applyRestore } from "./restore/apply/apply-restore.ts";
export type { DrillCleanup, DrillDifference, DrillReport } from "./restore/drill/drill-report.ts";
export { type DrillOptions, runDrill } from "./restore/drill/run-drill.ts";
export { connectionsFor, type PlanOptions, planRestore } from "./restore/plan/plan-restore.ts";
export { readPlanFile, renderPlan, writePlanFile } from "./restore/plan-file.ts";
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
export type { ApplicationReport, ArgoCd } from "./rollback/applications.ts";
export { openArgoCd } from "./rollback/argo-cd.ts";
export { type GitRollbackOptions, type GitRollbackReport, rollbackInGit } from "./rollback/rollback-in-git.ts";
export { createSelection, type Selection } from "./select/selection.ts";
export { type AbsenceInFiles, type FolderSideOptions, folderSide } from "./sides/folder-side.ts";
export { findKustomize } from "./sides/kustomize-program.ts";
export { type LiveOptions, liveSide } from "./sides/live-side.ts";
export type { ComparedType, Side, SideObject, SideType, Unlisted } from "./sides/side.ts";
export { snapshotSide } from "./sides/snapshot-side.ts";
export { unmarkedSide } from "./sides/unmarked-side.ts";
