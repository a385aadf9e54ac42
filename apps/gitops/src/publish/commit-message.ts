import type { CommitMessage } from "@kubeferry/git";
import type { Plan } from "../plan/plan.ts";
import type { Source } from "../read/source.ts";
import { changesByFolder } from "./object-changes.ts";
import { requestTitle } from "./request-text.ts";
import { trailersOf } from "./trailers.ts";

/** The message of a run's one commit. */
export function commitMessage(plan: Plan, sources: readonly Source[], runId: string): CommitMessage {
  const lines = changesByFolder(plan).map(
    ({ folder, changes: { added, changed, removed } }) =>
      `${folder}: ${added.length} new, ${changed.length} changed, ${removed.length} removed`,
  );
  return {
    subject: requestTitle({ plan, sources }),
    body: lines.slice(0, 200).join("\n"),
    trailers: trailersOf(runId, sources),
  };
}
