import type { TargetArguments } from "../commands/restore-options.ts";
import { reportProblem } from "../present/problem.ts";
import type { SnapshotsArguments } from "../snapshots/with-snapshots.ts";
import { checkRollback } from "./check-rollback.ts";
import { rollbackInCluster } from "./rollback-in-cluster.ts";
import { rollbackThroughGit } from "./rollback-through-git.ts";

/** What `kubeferry rollback` is asked. */
export interface RollbackArguments extends SnapshotsArguments, TargetArguments {
  readonly to: string;
  readonly namespace: readonly string[];
  readonly includeCluster: boolean;
  readonly via: "git" | "cluster";
  readonly sync: boolean;
  readonly timeout?: string;
  readonly allowRemovals: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

/** Takes namespaces back to an earlier snapshot. @returns 1 where not all of it came about */
export async function rollback(args: RollbackArguments): Promise<number> {
  try {
    checkRollback(args);
  } catch (error) {
    return reportProblem(error, undefined);
  }
  return args.via === "git" ? rollbackThroughGit(args) : rollbackInCluster(args);
}
