import type { RemoteBranch, WorkTree } from "@kubeferry/git";
import { OWNERSHIP_FILE } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import type { Part } from "./parts/part.ts";
import type { Publishing } from "./publishing.ts";

/**
 * Whether merging a branch as it is gives what is wanted, in every folder of the part, and for the part that is
 * everything in every folder of ours on either side: it holds that, and the base has not moved there since the branch
 * left it. A merge that was reverted leaves a branch that holds everything and brings nothing.
 */
export async function proposesAll(
  branch: RemoteBranch,
  { name, plan }: Part,
  { tree, shape }: Pick<Publishing, "tree" | "shape">,
  call: Call,
): Promise<boolean> {
  if (branch.leftBaseAt.length === 0) return false;
  const files = name === undefined ? await tree.listFiles(branch.commit, "", call) : [];
  const marked = files.flatMap(({ path }) => {
    const logical = shape.parse(path);
    return logical?.path === OWNERSHIP_FILE ? [logical.folder] : [];
  });
  const folders = new Set([...marked, ...plan.folders.map(({ folder }) => folder)]);
  const isOfThem = (path: string) => folders.has(shape.parse(path)?.folder ?? "");
  const { added, modified, removed } = await tree.changesAgainst(branch.commit, shape.roots, call);
  if ([...added, ...modified, ...removed].some(isOfThem)) return false;
  const moved = branch.leftBaseAt.filter((commit) => commit !== tree.baseCommit);
  if (moved.length === 0) return true;
  const now = await contentOf(tree.baseCommit, isOfThem, tree, call);
  for (const commit of moved) if ((await contentOf(commit, isOfThem, tree, call)) !== now) return false;
  return true;
}

/** One text for everything that some files hold at a commit. */
async function contentOf(
  commit: string,
  isMeant: (path: string) => boolean,
  tree: WorkTree,
  call: Call,
): Promise<string> {
  const files = await tree.listFiles(commit, "", call);
  return files.flatMap(({ path, blob }) => (isMeant(path) ? [`${blob} ${path}`] : [])).join("\n");
}
