import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/**
 * Of the sender:
 * - "key": a signing key that is none, or a file of `announce.tls` that cannot be used
 * - "refused": the other end does not take the call; asking again changes nothing
 * - "unavailable": no answer, or one that says to try later
 *
 * Of the receiver, about a call that came in:
 * - "unsigned": a header of the signature is missing or is none
 * - "forged": no signature fits any key
 * - "late": its time is too far from the own clock
 * - "event": it is signed, and is no event that is understood
 */
export type AnnounceErrorKind = "key" | "refused" | "unavailable" | "unsigned" | "forged" | "late" | "event";

/** A backup-complete call that could not be made, or is not believed. */
export class AnnounceError extends KubeferryError<AnnounceErrorKind> {
  /** Of an "unavailable" receiver that said when to come again. */
  readonly retryAfterMs: number | undefined;

  constructor(parts: ErrorParts<AnnounceErrorKind> & { readonly retryAfterMs?: number }) {
    super(parts);
    this.retryAfterMs = parts.retryAfterMs;
  }
}
