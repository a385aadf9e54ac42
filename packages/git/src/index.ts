export type { BranchCommit, RemoteBranch } from "./branch-history.ts";
export type { CommitAuthor } from "./clone.ts";
export type { CommitMessage } from "./commit-message.ts";
export type { GitCredentials } from "./git-environment.ts";
export { GitError, type GitErrorKind } from "./git-error.ts";
export { openWorkTree, type WorkTreeOptions } from "./open-work-tree.ts";
export type { TreeChanges, TreeFile } from "./tree-changes.ts";
export type { WorkTree } from "./work-tree.ts";
