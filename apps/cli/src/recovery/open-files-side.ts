import { realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { openWorkTree, type WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { openHost, workTreeOptions } from "@kubeferry/publish";
import { type FolderSideOptions, findKustomize, folderSide, RecoveryError, type Side } from "@kubeferry/recovery";
import { type Config, gitopsOf } from "@kubeferry/shared-config";
import type { WrittenSide } from "./written-side.ts";

/** Files, as a side is written. */
export type WrittenFiles = Extract<WrittenSide, { readonly is: "git" | "folder" }>;

/** What files are read with. */
export interface FilesContext extends Pick<FolderSideOptions, "served" | "absence"> {
  readonly config: Config;
}

/**
 * Opens a folder, or one of a branch of the repository; the clone is gone when this returns.
 * @throws GitError, PlatformError; RecoveryError "incomparable" for what cannot be read or built
 */
export function openFilesSide(
  written: WrittenFiles,
  context: FilesContext,
  call: Call,
): Promise<Side & { close(): Promise<void> }> {
  if (written.is === "git") return inBranch(written, context, call);
  const description = `the folder ${written.path}`;
  return folderSide({ ...common(context), folder: resolve(written.path), description }, call);
}

/** Nothing is asked of the host but its credential: what is read may be read by whoever can clone. */
async function inBranch(
  { branch, path }: Extract<WrittenFiles, { readonly is: "git" }>,
  context: FilesContext,
  call: Call,
): Promise<Side & { close(): Promise<void> }> {
  const gitops = gitopsOf(context.config);
  const host = await openHost(gitops, "dry-run", call);
  const opened: { tree?: WorkTree } = {};
  try {
    const { signing: _, ...reading } = workTreeOptions(gitops, host);
    opened.tree = await openWorkTree({ ...reading, base: branch }, call);
    const commit = opened.tree.baseCommit.slice(0, 12);
    const description = `Git, ${branch}, commit ${commit}${path === "" ? "" : `, ${path}`}`;
    const folder = await folderInside(await opened.tree.checkOut(call), path, description);
    return await folderSide({ ...common(context), folder, description }, call);
  } finally {
    await opened.tree?.close();
    await host.close();
  }
}

function common({ served, absence }: FilesContext) {
  return { served, absence, kustomize: () => findKustomize(process.env.PATH ?? "") };
}

/** A path in a repository may be a link, and lead anywhere. */
async function folderInside(root: string, path: string, description: string): Promise<string> {
  const top = await realpath(root);
  const folder = await realpath(join(top, path)).catch(() => undefined);
  if (folder === top || folder?.startsWith(`${top}${sep}`) === true) return folder;
  throw new RecoveryError({
    kind: "incomparable",
    who: "kubeferry",
    operation: `read ${description}`,
    problem: folder === undefined ? "there is no such folder" : "it lies outside of the repository",
    next: "write git:<branch>:<path>, the path from the root of the repository",
  });
}
