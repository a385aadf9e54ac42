import type { GitOpsConfig } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";
import type { Source } from "./source.ts";

/**
 * Decides what sources with gaps mean for a run.
 * @returns what is waited for, by source; empty when the run goes on
 * @throws GitOpsError "blocked" with `onPartial: fail`
 */
export function checkGaps(
  sources: readonly Source[],
  { onPartial }: Pick<GitOpsConfig["source"], "onPartial">,
): readonly string[] {
  const gaps = sources.flatMap(({ id, gaps }) => gaps.map((gap) => `${id}: ${gap}`));
  if (gaps.length === 0 || onPartial === "use") return [];
  if (onPartial === "wait") return gaps;
  throw new GitOpsError({
    kind: "blocked",
    who: "gitops",
    operation: "read the newest snapshots",
    problem: `gitops.source.onPartial is fail, and not everything is in them: ${gaps.slice(0, 10).join("; ")}${gaps.length > 10 ? "; …" : ""}`,
    next: "nothing was pushed; give the collector the rights it lacks or list the gap in backup.acceptUnread, and back up again",
  });
}
