import type { Notification } from "@kubeferry/notify";
import type { Drift } from "@kubeferry/recovery";
import { problemLines } from "./problem-lines.ts";

/** What one comparison came to. */
export type Compared = Pick<Drift, "against"> & {
  readonly diff: { readonly report: Pick<Drift["diff"]["report"], "added" | "removed" | "changed" | "notCompared"> };
};

/** What a message says of a cluster that was held against Git and the last snapshot. */
export function newsOfDrift(
  comparisons: readonly Compared[],
  target: string,
): Pick<Notification, "outcome" | "title" | "text" | "sameAs"> {
  const differing = comparisons.filter(({ diff }) => kindsOf(diff.report).length > 0);
  if (differing.length > 0) {
    return {
      outcome: "drift",
      title: `${target} differs from ${differing.map(({ against }) => against).join(" and ")}`,
      text: [...differing.map(lineOf), "run `kubeferry drift` to see what differs"].join("\n"),
      sameAs: differing.map(({ against, diff }) => `${against}: ${kindsOf(diff.report).join(", ")}`).join("; "),
    };
  }
  const unread = comparisons.flatMap(({ diff }) =>
    diff.report.notCompared.filter(({ because }) => because === "unread").map(({ resource }) => resource),
  );
  if (comparisons.length > 0 && unread.length === 0) {
    return { outcome: "success", title: `${target} does not drift`, text: "no difference was found", sameAs: "" };
  }
  const types = [...new Set(unread)].sort();
  return {
    outcome: "failure",
    title: `${target} could not be compared`,
    text: types.length === 0 ? "there is nothing to compare it with" : problemLines(types.map(unreadText)).join("\n"),
    sameAs: types.join(", "),
  };
}

function unreadText(resource: string): string {
  return `${resource} could not be read`;
}

function kindsOf({ added, removed, changed }: Compared["diff"]["report"]): readonly string[] {
  return [
    ...(removed > 0 ? ["missing"] : []),
    ...(changed > 0 ? ["changed"] : []),
    ...(added > 0 ? ["unmanaged"] : []),
  ];
}

function lineOf({ against, diff: { report } }: Compared): string {
  return `against ${against}: ${report.removed} missing, ${report.changed} changed, ${report.added} unmanaged`;
}
