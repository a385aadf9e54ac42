import type { BackupCompleted } from "@kubeferry/announce";
import { type Announcement, type BackupReport, type Call, inSpan } from "@kubeferry/model";
import type { Announcer } from "./announcer.ts";

/** What a run announces with, and its clock. */
export interface Announcing {
  readonly announcer?: Announcer;
  readonly now: () => Date;
}

/**
 * Announces a committed snapshot, where anybody is to be told. Never throws: the snapshot is there whatever comes of it,
 * and stage 2 finds it on its own schedule.
 */
export async function announce(
  report: Omit<BackupReport, "announced">,
  { announcer, now }: Announcing,
  call: Call,
): Promise<Announcement | null> {
  if (announcer === undefined || report.snapshot === "") return null;
  const { via, target } = announcer;
  try {
    const completed = completedOf(report, now());
    const told = await inSpan(call, "announce", { via }, (below) => announcer.tell(completed, below));
    const data = { via, [via === "job" ? "job" : "url"]: told.target, status: told.outcome };
    call.log.info("stage 2 is told of the snapshot", { operation: "announce", data });
    return { via, ...told };
  } catch (error) {
    const data = { via, [via === "job" ? "job" : "url"]: target, status: "failed" };
    call.log.warn("stage 2 could not be told and finds it on its own schedule", { operation: "announce", data, error });
    return { via, outcome: "failed", target, error: error instanceof Error ? error.message : String(error) };
  }
}

function completedOf(report: Omit<BackupReport, "announced">, now: Date): BackupCompleted {
  const { cluster, series, snapshot, sequence, runId, objects, changed, removed } = report;
  // One that was told to stop behind its commit left something to the next run.
  const status = report.status === "complete" ? "complete" : "partial";
  const finishedAt = now.toISOString();
  return { format: 1, cluster, series, snapshot, sequence, status, runId, finishedAt, objects, changed, removed };
}
