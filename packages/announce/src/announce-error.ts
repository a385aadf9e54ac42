import { KubeferryError } from "@kubeferry/model";

/**
 * - "key": a signing key that is none
 * - "refused": the other end does not take the call; asking again changes nothing
 * - "unavailable": no answer, or one that says to try later
 */
export type AnnounceErrorKind = "key" | "refused" | "unavailable";

/** A backup-complete call that could not be made. */
export class AnnounceError extends KubeferryError<AnnounceErrorKind> {}
