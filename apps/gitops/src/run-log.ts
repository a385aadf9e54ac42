import { isSecretBlocked } from "@kubeferry/layout";
import type { BlockedObject, Call, GitOpsReport } from "@kubeferry/model";

/** Each object that is kept out for what is secret in it, once. */
export function logBlockedSecrets(blocked: readonly BlockedObject[], call: Call): void {
  for (const { object, reason } of new Map(
    blocked.filter(isSecretBlocked).map((each) => [each.object, each]),
  ).values()) {
    const data = { target: object, reason };
    call.log.warn("security event", { operation: "security_event", event: "secret-blocked", data });
  }
}

/** The fields of the line that a run ends with: the numbers of the report, flat. @param startedMs by `performance.now()` */
export function endOf(report: GitOpsReport, startedMs: number) {
  const duration_ms = Math.round(performance.now() - startedMs);
  const data = {
    status: report.status,
    commit: report.commit,
    ...report.files,
    requests: report.requests.length,
    frozen: report.frozen.length,
    blocked: report.blocked.length,
    validation_errors: report.validation.errors,
    ...(report.waitsFor === undefined ? {} : { waits_for: report.waitsFor }),
    duration_ms,
  };
  return { operation: "gitops_complete", data, duration_ms } as const;
}
