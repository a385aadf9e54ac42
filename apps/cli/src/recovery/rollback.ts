import { KubeferryError } from "@kubeferry/model";
import type { TargetArguments } from "../commands/restore-options.ts";
import { reportProblem } from "../present/problem.ts";
import type { SnapshotsArguments } from "../snapshots/with-snapshots.ts";
import { rollbackInCluster } from "./rollback-in-cluster.ts";
import { rollbackThroughGit } from "./rollback-through-git.ts";

/** What `kubeferry rollback` is asked. */
export interface RollbackArguments extends SnapshotsArguments, TargetArguments {
  readonly to: string;
  readonly namespace: readonly string[];
  readonly includeCluster: boolean;
  readonly via: "git" | "cluster";
  readonly sync: boolean;
  readonly timeout: string;
  readonly allowRemovals: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** "usage": options that do not go together. */
class RollbackUsageError extends KubeferryError<"usage"> {}

/** Takes namespaces back to an earlier snapshot. @returns 1 where not all of it came about */
export async function rollback(args: RollbackArguments): Promise<number> {
  try {
    checkOptions(args);
  } catch (error) {
    return reportProblem(error, undefined);
  }
  return args.via === "git" ? rollbackThroughGit(args) : rollbackInCluster(args);
}

function checkOptions({ via, sync, dryRun, yes, namespace }: RollbackArguments): void {
  if (via === "git" && yes) throw misused("--yes", "a pull request is only proposed; --yes belongs to --via cluster");
  if (via === "git" && sync && dryRun)
    throw misused("--sync --dry-run", "a dry run proposes nothing that could be synced");
  if (via === "git") return;
  if (sync) throw misused("--sync", "Argo CD is asked to sync what is in Git; it belongs to --via git");
  if (dryRun) throw misused("--dry-run", "without --yes the plan is only shown; --dry-run belongs to --via git");
  if (namespace.length === 0) {
    throw misused(
      "--via cluster",
      "it removes what did not exist then, so it wants to be told where: name namespaces with -n",
    );
  }
}

function misused(operation: string, problem: string): RollbackUsageError {
  return new RollbackUsageError({ kind: "usage", who: "rollback", operation, problem });
}
