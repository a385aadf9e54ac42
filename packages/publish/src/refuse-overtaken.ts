import { GitOpsError, type Source } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import { parseBranchName } from "./branch-names.ts";
import type { BranchSearch } from "./choose-branch.ts";
import { isOurs, snapshotsOf } from "./trailers.ts";

/** Whether the store has a manifest. @param key from its root */
export type HasSnapshot = (key: string, call: Call) => Promise<boolean>;

/**
 * Stops a run that read an older snapshot than another one that was faster: setting the branch back would take away
 * what that one proposed. A store that was taken back to an earlier state does not have the newer snapshot, and counts.
 * @throws GitOpsError "conflict"
 */
export async function refuseOvertaken(
  branches: BranchSearch,
  sources: readonly Pick<Source, "snapshotKey" | "at">[],
  hasSnapshot: HasSnapshot,
  call: Call,
): Promise<void> {
  for (const [name, { commits }] of branches.existing) {
    const part = parseBranchName(branches.configured, name)?.part;
    for (const commit of commits) {
      if (!isOurs(commit, branches, part)) continue;
      for (const newer of snapshotsOf(commit).filter((key) => isNewer(key, sources))) {
        if (await hasSnapshot(newer, call)) throw overtaken(name, newer);
      }
    }
  }
}

/** Keys of one series are in the order of its snapshots. One of an earlier time was asked for, whatever is newer. */
function isNewer(key: string, sources: readonly Pick<Source, "snapshotKey" | "at">[]): boolean {
  return sources.some(
    ({ snapshotKey, at }) => at === undefined && folderOf(snapshotKey) === folderOf(key) && snapshotKey < key,
  );
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/") + 1);
}

function overtaken(branch: string, newer: string): GitOpsError {
  return new GitOpsError({
    kind: "conflict",
    who: "gitops",
    operation: `propose on ${branch}`,
    problem: `another run has already proposed a newer snapshot there, ${newer}`,
    next: "nothing was pushed; run again to read that one",
  });
}
