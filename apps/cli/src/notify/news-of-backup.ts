import type { BackupReport } from "@kubeferry/model";
import type { Notification } from "@kubeferry/notify";
import { counted, inOneLine, problemLines } from "./problem-lines.ts";

type News = Pick<Notification, "outcome" | "title" | "text" | "sameAs">;

/** What a message says of a backup that was done; undefined for one that was stopped: whoever did that knows. */
export function newsOfBackup(report: BackupReport, target: string): News | undefined {
  const { status } = report;
  if (status === "interrupted") return undefined;
  const { objects, namespaces, changed, removed, snapshot } = report;
  const unread = report.unread.filter(({ accepted }) => !accepted);
  const problems = [
    ...unread.map(({ resource, reason }) => `${resource} was not read: ${reason}`),
    ...report.failures.map(({ target: of, kind, message }) => `${of}: ${kind}: ${message}`),
  ];
  const counts = [
    counted(objects, "object"),
    counted(namespaces, "namespace"),
    `${changed} changed`,
    `${removed} removed`,
    ...(problems.length > 0 ? [counted(problems.length, "problem")] : []),
  ];
  return {
    ...endOf(status, report),
    title: `backup of ${target} ${ENDS[status]}`,
    text: [counts.join(", "), inOneLine(`snapshot ${snapshot}`), ...problemLines(problems)].join("\n"),
  };
}

const ENDS = { complete: "is complete", partial: "is partial", failed: "failed" } as const;

function endOf(status: keyof typeof ENDS, { unread, failures }: BackupReport): Pick<News, "outcome" | "sameAs"> {
  if (status === "complete") return { outcome: "success", sameAs: "" };
  const kinds = [
    ...unread.filter(({ accepted }) => !accepted).map(({ resource }) => `unread ${resource}`),
    ...failures.map(({ kind }) => kind),
  ];
  return { outcome: status === "partial" ? "partial" : "failure", sameAs: [...new Set(kinds)].sort().join(", ") };
}
