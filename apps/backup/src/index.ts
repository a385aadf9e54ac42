export type { Announcer } from "./announce/announcer.ts";
export { openAnnouncer } from "./announce/open-announcer.ts";
export { BackupError, type BackupErrorKind } from "./backup-error.ts";
export { type ExplainedObject, explainObject, type NamedObject } from "./explain/explain-object.ts";
export { type Explanation, explainTypes } from "./explain/explain-types.ts";
export { createSelection, type Selection } from "./filter/selection.ts";
export { type MirrorSettings, mirrorView } from "./mirror-view.ts";
export { type BackupObserver, type BackupOptions, type BackupProgress, runBackup } from "./run.ts";
