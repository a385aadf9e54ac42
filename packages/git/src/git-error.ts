import { KubeferryError } from "@kubeferry/model";

/**
 * "conflict": the remote branch moved since it was read, read it again. "protected": a rule of the host refused the
 * push, the message names it. "missing-git": no usable git program, or none that git needs for what was asked (ssh, gpg). Only "unavailable" is worth repeating as it is.
 */
export type GitErrorKind =
  | "not-found"
  | "denied"
  | "conflict"
  | "protected"
  | "unavailable"
  | "invalid"
  | "missing-git";

/** What git or a Git server answers when it does not do what was asked. Never holds a credential. */
export class GitError extends KubeferryError<GitErrorKind> {}
