import type { WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { checkBytes, type LastLook } from "../guard/check-bytes.ts";
import { allChanges, type Plan } from "../plan/plan.ts";
import { secretOf } from "../plan/retain.ts";
import type { Spool } from "../spool.ts";

/**
 * Writes a plan into the work tree, each file looked at a last time.
 * @throws GitOpsError "blocked" for a file that holds a Secret; GitError
 */
export async function writePlan(
  plan: Plan,
  options: { readonly tree: WorkTree; readonly spool: Spool; readonly lastLook: LastLook },
  call: Call,
): Promise<void> {
  const { added, changed, removed } = allChanges(plan);
  for (const { path } of removed) await options.tree.removeFile(path);
  for (const { path, content, object } of [...added, ...changed]) {
    call.signal.throwIfAborted();
    if (content === undefined) continue;
    const bytes = await options.spool.read(content);
    // What is allowed is allowed for the Secret, whatever stands for it.
    const known = object !== undefined && content.secret !== undefined ? secretOf(object) : object;
    checkBytes(path, bytes.toString("utf8"), known, options.lastLook);
    await options.tree.writeFile(path, bytes);
  }
}
