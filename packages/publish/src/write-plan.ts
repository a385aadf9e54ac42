import type { Buffer } from "node:buffer";
import type { FileTree } from "@kubeferry/git";
import {
  allChanges,
  checkBytes,
  type FileChange,
  type LastLook,
  type Plan,
  type Spool,
  secretOf,
} from "@kubeferry/layout";
import { type Call, createTurns } from "@kubeferry/model";

/** What a plan is written with. */
interface Writing {
  readonly tree: FileTree;
  readonly spool: Spool;
  readonly lastLook: LastLook;
}

/**
 * Writes a plan into the work tree, each file looked at a last time.
 * @throws GitOpsError "blocked" for a file that holds a Secret; GitError
 */
export async function writePlan(plan: Plan, writing: Writing, call: Call): Promise<void> {
  for (const { path } of allChanges(plan).removed) await writing.tree.removeFile(path);
  for await (const { path, bytes } of checkedFiles(plan, writing, call)) await writing.tree.writeFile(path, bytes);
}

/**
 * The last look alone: where a plan is published in parts, none is before all have been looked at.
 * @throws GitOpsError "blocked" for a file that holds a Secret
 */
export async function checkPlan(plan: Plan, writing: Omit<Writing, "tree">, call: Call): Promise<void> {
  for await (const _ of checkedFiles(plan, writing, call));
}

/** Takes back what `writePlan` wrote: the work tree is at its base again. */
export async function unwritePlan(plan: Plan, { tree }: Pick<Writing, "tree">, call: Call): Promise<void> {
  const { added, changed, removed } = allChanges(plan);
  for (const { path } of added) await tree.removeFile(path);
  for (const { path } of [...changed, ...removed]) {
    const before = await tree.readFile(tree.baseCommit, path, call);
    if (before !== undefined) await tree.writeFile(path, before);
  }
}

async function* checkedFiles(
  plan: Plan,
  { spool, lastLook }: Omit<Writing, "tree">,
  call: Call,
): AsyncIterable<{ readonly path: string; readonly bytes: Buffer }> {
  const { added, changed } = allChanges(plan);
  const turn = createTurns();
  for (const { path, content, object } of [...added, ...changed]) {
    await turn();
    call.signal.throwIfAborted();
    if (content === undefined) continue;
    const bytes = await spool.read(content);
    checkBytes(path, bytes.toString("utf8"), knownAs({ object, content }), lastLook);
    yield { path, bytes };
  }
}

/** What is allowed is allowed for the Secret, whatever stands for it. */
function knownAs({ object, content }: { object: FileChange["object"]; content: NonNullable<FileChange["content"]> }) {
  return object !== undefined && content.secret !== undefined ? secretOf(object) : object;
}
