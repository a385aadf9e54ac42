import type { FolderTree } from "@kubeferry/git";
import { isEmpty, type LastLook, type Plan, type Spool } from "@kubeferry/layout";
import { type Call, finishing } from "@kubeferry/model";
import { countFiles, type FileCounts, NO_FILES } from "./published.ts";
import { writePlan } from "./write-plan.ts";

/**
 * Brings a plan into a folder: its files, and no commit. Every file has its last look before the first is written there.
 * @returns what was written; nothing where the folder is already as it should be
 * @throws GitError "conflict" when a file changed since it was read: plan again; GitOpsError "blocked"
 */
export async function writeToFolder(
  plan: Plan,
  writing: { readonly tree: FolderTree; readonly spool: Spool; readonly lastLook: LastLook },
  call: Call,
): Promise<FileCounts> {
  if (isEmpty(plan)) return NO_FILES;
  await writePlan(plan, writing, call);
  call.signal.throwIfAborted();
  await writing.tree.publish(finishing(call));
  return countFiles(plan);
}
