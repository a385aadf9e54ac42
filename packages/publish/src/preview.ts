import type { FileTree } from "@kubeferry/git";
import { allChanges, type LastLook, type Plan, type Spool } from "@kubeferry/layout";
import type { Call, ProposedFile } from "@kubeferry/model";
import { compareUtf8 } from "@kubeferry/model";
import { writePlan } from "./write-plan.ts";

/** Takes what a dry run shows: the files first, then the difference, some files at a time. */
export interface PreviewReader {
  /** @param unchanged files of ours that stay as they are */
  files(proposed: readonly ProposedFile[], unchanged: number): void;
  /** A unified diff against the base branch; the texts of all calls are one diff. */
  diff(text: string): void;
}

/**
 * Shows what a run would propose. The plan is written to the clone on this machine, with the same last look as before
 * a commit; nothing is committed, and nobody is asked for anything.
 * @throws GitOpsError "blocked" where a run would stop
 */
export async function preview(
  plan: Plan,
  reader: PreviewReader,
  options: { readonly tree: FileTree; readonly spool: Spool; readonly lastLook: LastLook },
  call: Call,
): Promise<readonly ProposedFile[]> {
  const proposed = proposedFiles(plan);
  reader.files(proposed, ownedFiles(plan) - proposed.filter(({ change }) => change !== "removed").length);
  await writePlan(plan, options, call);
  for (let from = 0; from < proposed.length; from += DIFFED_AT_ONCE) {
    const paths = proposed.slice(from, from + DIFFED_AT_ONCE).map(({ path }) => path);
    reader.diff(await options.tree.diff(paths, call));
  }
  return proposed;
}

/** The whole of a first run may be larger than what memory, or git's argument list, should hold. */
const DIFFED_AT_ONCE = 500;

function proposedFiles(plan: Plan): readonly ProposedFile[] {
  const { added, changed, removed } = allChanges(plan);
  const files: ProposedFile[] = [
    ...added.map(({ path }) => ({ path, change: "added" as const })),
    ...changed.map(({ path }) => ({ path, change: "changed" as const })),
    ...removed.map(({ path }) => ({ path, change: "removed" as const })),
  ];
  return files.sort((left, right) => compareUtf8(left.path, right.path));
}

function ownedFiles({ folders }: Plan): number {
  return folders.reduce((sum, { wanted }) => sum + (wanted?.size ?? 0), 0);
}
