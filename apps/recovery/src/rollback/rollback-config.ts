import { type Config, type GitOpsConfig, gitopsOf } from "@kubeferry/shared-config";
import { RecoveryError } from "../recovery-error.ts";

/**
 * The configuration that a rollback runs with: a branch of its own, one request, which no host merges by itself. What the
 * snapshot lacks is no reason to wait: it will not come any more, and keeps what Git has.
 * @throws ConfigError; RecoveryError "config" where there is no branch to propose on, or no earlier snapshot to read
 */
export function rollbackConfig(config: Config, branchOf: (configured: string) => string): Config {
  const gitops = gitopsOf(config);
  if (gitops.mode === "directory") {
    throw refused(
      "gitops.mode is directory, and files in a folder have no branch to propose on",
      "use --via cluster, or write the earlier snapshot with gitops.environments.<name>.at",
    );
  }
  if (gitops.source.type === "tree") {
    throw refused("gitops.source.type is tree, and a tree of files has no earlier snapshots", "use --via cluster");
  }
  const { repository, pullRequest, source } = gitops;
  const own: GitOpsConfig = {
    ...gitops,
    mode: "pull-request",
    repository: { ...repository, branch: branchOf(repository.branch) },
    pullRequest: { ...pullRequest, split: "none", autoMerge: "off" },
    source: { ...source, onPartial: "use" },
  };
  return { ...config, gitops: own };
}

function refused(problem: string, next: string): RecoveryError {
  return new RecoveryError({ kind: "config", who: "rollback", operation: "propose it in Git", problem, next });
}
