import { KubeferryError } from "@kubeferry/model";

/** "nothing-read": no type at all could be listed, so there is nothing to commit. "quota": a limit of the run was reached. "invalid": the API answered what cannot be. */
export type BackupErrorKind = "nothing-read" | "quota" | "invalid";

/** Why stage 1 could not run at all; what went wrong with single types is in the report. */
export class BackupError extends KubeferryError<BackupErrorKind> {}
