export { BackupError, type BackupErrorKind } from "./backup-error.ts";
export { type MirrorSettings, mirrorView } from "./mirror-view.ts";
export { type BackupObserver, type BackupOptions, type BackupProgress, runBackup } from "./run.ts";
export { skipReason, type TypeWishes, wishesOf } from "./skip-list.ts";
