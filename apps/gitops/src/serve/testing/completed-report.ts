import type { GitOpsReport } from "@kubeferry/model";

/** The report of a run that opened a request. */
export function completedReport(more: Partial<GitOpsReport> = {}): GitOpsReport {
  const files = { written: 3, changed: 0, removed: 0 };
  const url = "https://git.example.com/acme/fleet/pulls/1";
  return {
    stage: "gitops",
    status: "complete",
    snapshot: "backups/a/one/_snapshots/default/0000000001.json, backups/a/two/_snapshots/default/0000000007.json",
    files,
    frozen: [],
    blocked: [],
    validation: { errors: 0, warnings: 0, findings: [] },
    warnings: [],
    mode: "pull-request",
    commit: "0123456789abcdef0123456789abcdef01234567",
    branch: "kubeferry/main",
    pullRequest: { url, number: 1, outcome: "created" },
    requests: [{ branch: "kubeferry/main", commit: "0123456789abcdef", outcome: "created", url, number: 1, files }],
    ...more,
  };
}
