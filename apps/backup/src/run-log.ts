import { type BackupReport, type Call, typeName } from "@kubeferry/model";
import type { StoreConfig } from "@kubeferry/shared-config";
import type { Snapshot } from "@kubeferry/snapshot";
import type { CapturePlan } from "./plan.ts";

/** Says that a run begins, and what it builds on. */
export function logStart(store: StoreSaid, series: string, parent: Snapshot | undefined, call: Call): void {
  const data = { ...storeData(store), series, parent: parent?.manifest.sequence ?? null };
  call.log.info("backup starts", { operation: "backup_start", data });
}

/**
 * Says that the store cannot be used. The operation is the same for every kind of store: scripts select by it. A request that
 * ended because the run was told to stop says nothing about the store.
 */
export function logNoStore(store: StoreSaid, error: unknown, call: Call): void {
  if (call.signal.aborted) return;
  call.log.error("the object store cannot be used", { operation: "minio_connect", data: storeData(store), error });
}

/** Says which types are left out, one line each; what nobody asked to leave out is not worth a warning. */
export function logFiltered({ filtered }: CapturePlan, call: Call): void {
  for (const { type, reason } of filtered) {
    const [word = reason] = reason.split(":", 1);
    const level = word === "skipped_by_default" ? "debug" : "info";
    const data = { reason: word, detail: reason };
    call.log[level]("type left out", { operation: "resource_filter", resource: typeName(type), data });
  }
}

/** Says how a run ended that has a report: the numbers of the report, flat. */
export function logEnd(report: BackupReport, call: Call): void {
  const level = report.status === "complete" ? "info" : "warn";
  const duration_ms = report.durationMs;
  const data = {
    status: report.status,
    snapshot: report.snapshot,
    backed_up: report.objects,
    changed: report.changed,
    removed: report.removed,
    namespaces: report.namespaces,
    skipped: report.skipped.reduce((sum, { count }) => sum + (count ?? 0), 0),
    unread: report.unread.length,
    failures: report.failures.length,
    segments_written: report.segments.written,
    segments_reused: report.segments.reused,
    mirror_put: report.mirror.put,
    mirror_deleted: report.mirror.deleted,
    duration_ms,
  };
  call.log[level]("backup ends", { operation: "backup_complete", data, duration_ms });
}

/** What is said of a store: never a key of it. */
export interface StoreSaid {
  readonly description: string;
  readonly config: StoreConfig;
}

function storeData({ description, config }: StoreSaid): Record<string, string> {
  return { store: description, ...(config.type === "s3" ? { bucket: config.bucket } : {}) };
}
