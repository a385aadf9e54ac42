import type { GitOpsReport } from "@kubeferry/model";
import type { Notification } from "@kubeferry/notify";
import { counted, problemLines } from "./problem-lines.ts";

type News = Pick<Notification, "outcome" | "title" | "text" | "sameAs" | "link">;

interface Problem {
  readonly kind: string;
  readonly text: string;
}

/** What a message says of a run of stage 2 that was done; undefined for one that was stopped: whoever did that knows. */
export function newsOfGitOps(report: GitOpsReport, target: string): News | undefined {
  const { status } = report;
  if (status === "interrupted") return undefined;
  const { files, requests, pullRequest } = report;
  const problems = problemsOf(report);
  const link = pullRequest?.url ?? requests.find(({ url }) => url !== null)?.url ?? undefined;
  const counts = [
    `${counted(files.written, "file")} written`,
    `${files.changed} changed`,
    `${files.removed} removed`,
    ...(requests.length > 1 ? [counted(requests.length, "request")] : []),
  ];
  return {
    ...endOf(status, problems),
    title: `gitops of ${target} ${ENDS[status]}`,
    text: [counts.join(", "), ...problemLines(problems.map(({ text }) => text))].join("\n"),
    ...(link === undefined ? {} : { link }),
  };
}

const ENDS = { complete: "is complete", partial: "is partial", failed: "failed" } as const;

function problemsOf(report: GitOpsReport): readonly Problem[] {
  const { waitsFor, requests, frozen, blocked, validation, verification } = report;
  const invalid = validation.errors === 0 ? [] : [`${counted(validation.errors, "error")} found by validation`];
  return [
    ...(waitsFor ?? []).map((text) => ({
      kind: "waits",
      text: `nothing was touched: it waits for a snapshot: ${text}`,
    })),
    ...requests.flatMap(({ branch, error }) =>
      error === undefined ? [] : [{ kind: "request", text: `${branch}: ${error}` }],
    ),
    ...invalid.map((text) => ({ kind: "invalid", text })),
    ...frozen.map(({ folder }) => ({ kind: "frozen", text: `${folder} was edited by people, and is left as it is` })),
    ...(verification?.notVerified ?? []).flatMap(({ overlay, because, reason }) =>
      because === "left-alone" ? [] : [{ kind: "not-verified", text: `${overlay} is not verified: ${reason}` }],
    ),
    ...blocked.map(({ object, reason }) => ({ kind: "blocked", text: `${object}: ${reason}` })),
  ];
}

function endOf(status: keyof typeof ENDS, problems: readonly Problem[]): Pick<News, "outcome" | "sameAs"> {
  if (status === "complete") return { outcome: "success", sameAs: "" };
  const kinds = [...new Set(problems.map(({ kind }) => kind))].sort().join(", ");
  return { outcome: status === "partial" ? "partial" : "failure", sameAs: kinds };
}
