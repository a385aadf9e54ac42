import type { MaxRemovalsConfig } from "@kubeferry/shared-config";
import { RemovalLimitError } from "../gitops-error.ts";

/**
 * Stops a run that would remove more files than is allowed. The share is rounded up, so that a small repository can
 * lose a file at all.
 * @param removed paths of the files, those that only move aside
 * @param owned files of ours at the base tip
 * @throws RemovalLimitError
 */
export function checkRemovals(removed: readonly string[], owned: number, limit: MaxRemovalsConfig): void {
  const share = Math.ceil((owned * limit.percent) / 100);
  const allowed = Math.min(limit.files, share);
  if (removed.length <= allowed) return;
  const shown = removed.slice(0, 10).join(", ");
  throw new RemovalLimitError(removed.length, {
    kind: "blocked",
    who: "gitops",
    operation: "remove files",
    problem: `${removed.length} of ${owned} generated files would be removed, ${allowed} at most are allowed (gitops.maxRemovals: ${limit.files} files, ${limit.percent} %): ${shown}${removed.length > 10 ? ", …" : ""}`,
    next: "nothing was pushed; if these objects are really gone, run again with --allow-removals",
  });
}
