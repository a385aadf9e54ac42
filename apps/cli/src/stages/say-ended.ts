import { callWith } from "@kubeferry/model";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import { logProblem, reportProblem } from "../present/problem.ts";

/**
 * Says on stderr why a stage ended early: for people in their form, else as a log line.
 * @param stoppedBy the signal that ended it, if one did
 * @returns the exit code
 */
export function sayEnded(
  session: Session,
  component: "backup" | "gitops",
  error: unknown,
  stoppedBy?: NodeJS.Signals,
): number {
  if (session.logFormat === "pretty") return reportProblem(error, stoppedBy);
  const durationMs = performance.now() - session.startedMs;
  const end = { error, stoppedBy, operation: `${component}_complete`, durationMs } as const;
  return logProblem(end, callWith(session.call, { component, ...clusterOf(session, component) }));
}

/** As it is configured: what failed may have failed before the cluster was asked who it is. */
function clusterOf({ config }: Session, component: "backup" | "gitops"): { readonly cluster?: string } {
  const cluster = component === "backup" ? clusterLabel(config) : "";
  return cluster === "" ? {} : { cluster };
}
