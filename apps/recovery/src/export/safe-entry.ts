import { RecoveryError } from "../recovery-error.ts";

/**
 * Checks the path of a file of an export. Names in it come from clusters; `mirrorKeys` has made them harmless, and this
 * is the last look before a disk or an archive takes them.
 * @throws RecoveryError "config"
 */
export function checkEntry(path: string): string {
  const isBad = path.split("/").some((step) => step === "" || step === "." || step === "..");
  if (!isBad && !/[\\\p{Cc}]/u.test(path)) return path;
  throw new RecoveryError({
    kind: "config",
    who: "export",
    operation: `write ${JSON.stringify(path)}`,
    problem: "the path leads out of the export",
    next: "this is a mistake in the program, please report it",
  });
}
