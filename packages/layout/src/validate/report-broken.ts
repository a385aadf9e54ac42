import type { Findings } from "../findings.ts";
import { type GitRef, refTitle } from "../git-ref.ts";

/** What is in the snapshot and is not the object it should be: never written, and listed. */
export function reportBroken(ref: GitRef, problem: string, findings: Findings, environments: readonly string[]): void {
  findings.report({ severity: "error", rule: "broken", object: refTitle(ref), message: problem }, environments);
  findings.block(ref, `broken: ${problem}`);
}
