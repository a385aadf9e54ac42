import { type FileTree, openFolderTree, openWorkTree } from "@kubeferry/git";
import type { Discovery } from "@kubeferry/kube";
import { otherShapes, shapeOf } from "@kubeferry/layout";
import type { Call, ClusterIdentity } from "@kubeferry/model";
import { openHost, workTreeOptions } from "@kubeferry/publish";
import { findKustomize, type GitSide, gitSide } from "@kubeferry/recovery";
import type { GitOpsConfig } from "@kubeferry/shared-config";

/** Whose state is looked for in Git. */
export interface GitLook {
  readonly cluster: ClusterIdentity;
  readonly discovery: Discovery;
  readonly args: { readonly environment?: string };
}

/**
 * What the base branch, or the folder of mode `directory`, wants in a cluster. The clone is gone when this returns.
 * @throws GitError, PlatformError, GitOpsError; RecoveryError "incomparable"
 */
export async function openGitSide(
  gitops: GitOpsConfig,
  { cluster, discovery, args }: GitLook,
  call: Call,
): Promise<GitSide> {
  const kustomize = await findKustomize(process.env.PATH ?? "");
  const shape = shapeOf(gitops);
  const roots = [shape, ...otherShapes(shape)].flatMap((each) => each.roots);
  const environment = args.environment === undefined ? {} : { environment: args.environment };
  return inTree(gitops, roots, call, (tree) =>
    gitSide({ tree, shape, gitops, cluster, served: discovery.types, kustomize, ...environment }, call),
  );
}

/** Nothing is asked of the host but its credential: what is read may be read by whoever can clone. */
async function inTree<Result>(
  gitops: GitOpsConfig,
  roots: readonly string[],
  call: Call,
  use: (tree: FileTree) => Promise<Result>,
): Promise<Result> {
  const host = await openHost(gitops, gitops.mode === "directory" ? "directory" : "dry-run", call);
  const opened: { tree?: FileTree } = {};
  try {
    opened.tree =
      gitops.mode === "directory"
        ? await openFolderTree({ folder: gitops.directory ?? "", roots }, call)
        : await openWorkTree({ ...workTreeOptions(gitops, host), roots }, call);
    return await use(opened.tree);
  } finally {
    await opened.tree?.close();
    await host.close();
  }
}
