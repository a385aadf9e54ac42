import { type ErrorParts, KubeferryError, type OverlayVerification } from "@kubeferry/model";

/**
 * "config": the configuration contradicts itself or the store. "no-snapshot": there is nothing to read. "damaged": a
 * snapshot's bytes are not what its manifest says. "blocked": a safety rule stopped the run before anything was pushed.
 * "newer-format": the repository was written by a later version. "conflict": the branch moved at every try.
 * "protected": a rule of the host keeps this user from the base branch.
 */
export type GitOpsErrorKind =
  | "config"
  | "no-snapshot"
  | "damaged"
  | "blocked"
  | "newer-format"
  | "conflict"
  | "protected";

/** Why stage 2 could not run, or stopped; nothing was pushed. What concerns single objects or folders is in the report. */
export class GitOpsError extends KubeferryError<GitOpsErrorKind> {}

/** "blocked", because more would be removed than is allowed. */
export class RemovalLimitError extends GitOpsError {
  /** Files that would have been removed. */
  readonly removals: number;

  constructor(removals: number, parts: ErrorParts<GitOpsErrorKind>) {
    super(parts);
    this.name = "GitOpsError";
    this.removals = removals;
  }
}

/** "blocked", because an overlay builds something else than its environment is to have, or cannot be built. */
export class OverlayDifferenceError extends GitOpsError {
  readonly verification: OverlayVerification;

  constructor(verification: OverlayVerification, parts: ErrorParts<GitOpsErrorKind>) {
    super(parts);
    this.name = "GitOpsError";
    this.verification = verification;
  }
}
