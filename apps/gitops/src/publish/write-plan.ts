import type { WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { checkBytes } from "../guard/check-bytes.ts";
import { allChanges, type Plan } from "../plan/plan.ts";
import type { Spool } from "../spool.ts";

/**
 * Writes a plan into the work tree, each file looked at a last time.
 * @throws GitOpsError "blocked" for a file that holds a Secret; GitError
 */
export async function writePlan(
  plan: Plan,
  options: { readonly tree: WorkTree; readonly spool: Spool; readonly holdsSecret: (text: string) => boolean },
  call: Call,
): Promise<void> {
  const { added, changed, removed } = allChanges(plan);
  for (const { path } of removed) await options.tree.removeFile(path);
  for (const { path, content, object } of [...added, ...changed]) {
    call.signal.throwIfAborted();
    if (content === undefined) continue;
    const bytes = await options.spool.read(content);
    // What is made of names and of the configuration only is no copy of a Secret, though one may say the same: Argo CD
    // keeps the addresses of its repositories and clusters in Secrets.
    checkBytes(path, bytes.toString("utf8"), object === undefined ? () => false : options.holdsSecret);
    await options.tree.writeFile(path, bytes);
  }
}
