export { AnnounceError, type AnnounceErrorKind } from "./announce-error.ts";
export { BACKUP_COMPLETED, type BackupCompleted, type BackupCompletedEvent } from "./backup-completed.ts";
