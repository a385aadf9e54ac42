import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/** "conflict": a condition did not hold, read again. Only "unavailable" and "rate-limited" are worth repeating. */
export type StorageErrorKind = "not-found" | "denied" | "conflict" | "invalid" | "rate-limited" | "unavailable";

/** What an object store answers when it does not do what was asked. */
export class StorageError extends KubeferryError<StorageErrorKind> {
  constructor(parts: ErrorParts<StorageErrorKind>) {
    super({ ...parts, security: parts.kind === "denied" ? "store-denied" : parts.security });
  }
}
