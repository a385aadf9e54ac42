import type { DrillReport } from "@kubeferry/recovery";
import { counted, problemLines } from "./problem-lines.ts";
import type { CommandNews } from "./told-command.ts";

/** What of its report a message says. */
export type DrillEnd = Pick<DrillReport, "status" | "objects" | "differences" | "failures" | "cleanup">;

/** What a message says of a rehearsed restore. */
export function newsOfDrill(
  { status, objects, differences, failures, cleanup }: DrillEnd,
  target: string,
): CommandNews {
  const counts = `${objects.asMeant} of ${counted(objects.meant, "object")} came back as meant`;
  if (status === "complete") {
    return { outcome: "success", title: `restore drill of ${target} is complete`, text: counts, sameAs: "" };
  }
  const problems = [
    ...failures.map(({ object, reason }) => `${object} was not brought back: ${reason}`),
    ...differences.map(({ object, missing }) => `${object} ${missing ? "is not there" : "differs"}`),
    ...cleanup.left.map(({ object, because }) => `${object} is left in the cluster: ${because}`),
  ];
  const kinds = [
    ...(objects.failed > 0 ? ["failed"] : []),
    ...(objects.different > 0 ? ["different"] : []),
    ...(cleanup.left.length > 0 ? ["left"] : []),
  ];
  return {
    outcome: "partial",
    title: `restore drill of ${target} is partial`,
    text: [counts, ...problemLines(problems)].join("\n"),
    sameAs: kinds.join(", "),
  };
}
