import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/**
 * "conflict": it is there already, or changed since it was read. Only "unavailable" and "rate-limited" are worth
 * repeating, the latter after `retryAfterMs`.
 */
export type PlatformErrorKind = "not-found" | "denied" | "conflict" | "invalid" | "rate-limited" | "unavailable";

/** What a Git host answers when it does not do what was asked. Never holds a credential or an answer's body. */
export class PlatformError extends KubeferryError<PlatformErrorKind> {
  /** When the host wants to be asked again, from now; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** The status of the answer; undefined where there was none, or nothing was sent. */
  readonly status: number | undefined;

  constructor(
    parts: ErrorParts<PlatformErrorKind> & {
      readonly retryAfterMs?: number | undefined;
      readonly status?: number | undefined;
    },
  ) {
    super(parts);
    this.retryAfterMs = parts.retryAfterMs;
    this.status = parts.status;
  }
}
