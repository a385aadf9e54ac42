import type { PruneResult } from "@kubeferry/snapshot";
import { counted, problemLines } from "./problem-lines.ts";
import type { CommandNews } from "./told-command.ts";

/** What of its result a message says. */
export type PruneEnd = Pick<PruneResult, "removed" | "blocked" | "failures">;

/** What a message says of retention that was applied. */
export function newsOfPrune({ removed, blocked, failures }: PruneEnd, target: string): CommandNews {
  const counts = `${counted(removed.snapshots, "snapshot")} and ${counted(removed.blobs, "blob")} removed`;
  const problems = [
    ...blocked.map(({ key, problem }) => `nothing is removed while this cannot be read: ${key}: ${problem}`),
    ...failures.map(({ target: of, kind, message }) => `${of}: ${kind}: ${message}`),
  ];
  const kinds = [...(blocked.length > 0 ? ["blocked"] : []), ...new Set(failures.map(({ kind }) => kind))];
  const isWhole = problems.length === 0;
  return {
    outcome: isWhole ? "success" : "partial",
    title: `retention of ${target} is ${isWhole ? "complete" : "partial"}`,
    text: [counts, ...problemLines(problems)].join("\n"),
    sameAs: kinds.toSorted().join(", "),
  };
}
