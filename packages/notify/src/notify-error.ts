import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/**
 * - "invalid": the channel's configuration cannot be used
 * - "refused": the other end does not take the message; asking again changes nothing
 * - "unavailable": no answer, or one that says to try later
 */
export type NotifyErrorKind = "invalid" | "refused" | "unavailable";

/** A message that did not arrive. It names the channel and never its URL: Slack's is a secret. */
export class NotifyError extends KubeferryError<NotifyErrorKind> {
  /** How long the other end wants to be left alone, where it said so. */
  readonly retryAfterMs: number | undefined;

  constructor({ retryAfterMs, ...parts }: ErrorParts<NotifyErrorKind> & { readonly retryAfterMs?: number }) {
    super(parts);
    this.retryAfterMs = retryAfterMs;
  }
}
