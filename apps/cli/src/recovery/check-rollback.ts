import { KubeferryError } from "@kubeferry/model";
import type { RollbackArguments } from "./rollback.ts";

/** "usage": options that do not go together. */
class RollbackUsageError extends KubeferryError<"usage"> {}

/** The options of a rollback that decide which others mean anything. */
type RollbackOptions = Pick<
  RollbackArguments,
  "via" | "sync" | "dryRun" | "yes" | "namespace" | "timeout" | "toKubeconfig" | "toContext"
>;

/** Refuses an option that would do nothing, before anything is read. @throws RollbackUsageError */
export function checkRollback(options: RollbackOptions): void {
  if (options.via === "git") checkThroughGit(options);
  else checkInCluster(options);
}

function checkThroughGit({ yes, sync, dryRun, timeout, toKubeconfig, toContext }: RollbackOptions): void {
  if (yes) throw misused("--yes", "a pull request is only proposed; --yes belongs to --via cluster");
  if (sync && dryRun) throw misused("--sync --dry-run", "a dry run proposes nothing that could be synced");
  if (sync) return;
  if (timeout !== undefined) throw misused("--timeout", "without --sync nothing is waited for");
  if (toKubeconfig === undefined && toContext === undefined) return;
  const given = toKubeconfig === undefined ? "--to-context" : "--to-kubeconfig";
  throw misused(given, "a rollback through Git asks no cluster but with --sync, and then the one where Argo CD runs");
}

function checkInCluster({ sync, dryRun, timeout, namespace }: RollbackOptions): void {
  if (sync) throw misused("--sync", "Argo CD is asked to sync what is in Git; it belongs to --via git");
  if (timeout !== undefined) throw misused("--timeout", "it is how long --sync waits, which belongs to --via git");
  if (dryRun) throw misused("--dry-run", "without --yes the plan is only shown; --dry-run belongs to --via git");
  if (namespace.length > 0) return;
  const problem = "it removes what did not exist then, so it wants to be told where: name namespaces with -n";
  throw misused("--via cluster", problem);
}

function misused(operation: string, problem: string): RollbackUsageError {
  return new RollbackUsageError({ kind: "usage", who: "rollback", operation, problem });
}
