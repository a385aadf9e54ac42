import { RecoveryError } from "../recovery-error.ts";

/** What the disk answered, as an error of ours that names the place. */
export function writeFailure(place: string, error: unknown): RecoveryError {
  const { code = "unknown", message } = error as NodeJS.ErrnoException;
  return new RecoveryError({
    kind: "unwritable",
    who: "export",
    operation: `write ${place}`,
    problem: code === "ENOSPC" ? "the disk is full" : message,
    next: "nothing of the export was left there",
    cause: error,
  });
}

/** Something stands where the export shall be. */
export function isTaken(place: string, what: string): RecoveryError {
  return new RecoveryError({
    kind: "config",
    who: "export",
    operation: `write ${place}`,
    problem: what,
    next: "name another --to, or remove what is there",
  });
}
