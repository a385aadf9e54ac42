import { GitError } from "./git-error.ts";

/** Turns what the file system answered into an error of this package; one of ours passes unchanged. */
export function fileFailure(operation: string, error: unknown): unknown {
  if (error instanceof GitError || !(error instanceof Error)) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const where = path === undefined ? "" : `${path}: `;
  const who = "git";
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new GitError({
        kind: "denied",
        who,
        operation,
        problem: `${where}${code}`,
        next: "give this user the right",
        cause: error,
      });
    case "ENOTDIR":
    case "EEXIST":
    case "EISDIR":
    case "ENOTEMPTY":
    case "ERR_FS_EISDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
      return new GitError({
        kind: "invalid",
        who,
        operation,
        problem: `${where}something else is in the way (${code})`,
        cause: error,
      });
    default:
      return new GitError({
        kind: "unavailable",
        who,
        operation,
        problem: `${where}${code}`,
        next: "is there room on the disk?",
        cause: error,
      });
  }
}
