import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { BranchTip, RemoteBranch } from "./branch-history.ts";
import type { CommitMessage } from "./commit-message.ts";
import type { TreeChanges, TreeFile } from "./tree-changes.ts";

/**
 * Files in a private repository, with what they were at the beginning as its base. What is written goes into the
 * repository itself, and no file of it is on disk. Paths are from the root, with "/".
 *
 * Everything throws GitError, and the signal's reason when the call was aborted.
 */
export interface FileTree {
  /** The commit that everything is compared with: the base branch's newest when the tree was opened. */
  readonly baseCommit: string;

  /** The bytes of a file at a commit; undefined when that commit has no such file. */
  readFile(commit: string, path: string, call: Call): Promise<Buffer | undefined>;

  /** The files at a commit under a prefix ("" for all), in git's order. A prefix without files gives an empty list. */
  listFiles(commit: string, prefix: string, call: Call): Promise<readonly TreeFile[]>;

  /**
   * SHA-256 of the contents of the base's files, by their ids. Contents go by and are not held, however large.
   * @param files of the base, below what was opened
   */
  digests(files: readonly Pick<TreeFile, "blob">[], call: Call): Promise<ReadonlyMap<string, string>>;

  /** Writes a file. Never goes through a symbolic link: one at `path` itself is replaced by the file.
   * @throws GitError "invalid" for a path that leaves the tree, names ".git" or goes through a link or into a submodule */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;

  /** Removes a file; one that is not there is no error. */
  removeFile(path: string): Promise<void>;

  /** What the tree has under the prefixes that the commit has not: added, modified, removed towards the tree. */
  changesAgainst(commit: string, prefixes: readonly string[], call: Call): Promise<TreeChanges>;

  /** The same from the base, as a unified diff in git's form; "" when nothing differs. It holds the files' own bytes:
   * whatever shows it on a terminal takes control characters out. */
  diff(prefixes: readonly string[], call: Call): Promise<string>;

  /**
   * Puts the base's files on disk, for programs that need some: what was written is not among them.
   * @returns their folder, readable by this user only, which goes when the tree is closed. Links in it may point anywhere
   */
  checkOut(call: Call): Promise<string>;

  /** Removes the private repository from disk. May be called twice. */
  close(): Promise<void>;
}

/** A private clone of one repository at the tip of its base branch. What is written becomes a commit on top of the base,
 * and is pushed to a branch. */
export interface WorkTree extends FileTree {
  /** The branch as the remote has it now; undefined when it does not exist there. */
  remoteBranch(branch: string, call: Call): Promise<RemoteBranch | undefined>;

  /**
   * The same for many branches in one request, as they are now.
   * @throws GitError "conflict" when one of them is not there any more
   */
  readBranches(branches: readonly string[], call: Call): Promise<ReadonlyMap<string, RemoteBranch>>;

  /** The remote's branches whose names begin with `prefix` ("" for all) as they are now, in the order of the names'
   * bytes; without those whose names hold control characters. One request; none of them is fetched. */
  remoteBranches(prefix: string, call: Call): Promise<readonly BranchTip[]>;

  /**
   * Makes one commit on top of the base tip out of everything that differs under the prefixes, ignored files included.
   * Each call starts from the base again; no branch moves.
   * @returns the commit's id; undefined when nothing differs from the base
   */
  commit(message: CommitMessage, prefixes: readonly string[], call: Call): Promise<string | undefined>;

  /**
   * Sets the remote branch to a commit, if it still is where it was read. One that is at that commit already is fine.
   * @param expected the commit that `remoteBranch` gave; undefined when the branch must not exist yet
   * @throws GitError "conflict" when it moved, "protected" naming the rule, "denied", "unavailable"
   */
  push(commit: string, branch: string, expected: string | undefined, call: Call): Promise<void>;

  /** Deletes the remote branch if it still is at `expected`; a branch that is gone already is no error.
   * @throws GitError "conflict" when it moved */
  deleteRemoteBranch(branch: string, expected: string, call: Call): Promise<void>;

  /** Asks the server whether a push would be let in, without changing anything. Rules that only a real push meets
   * (protected branches) are not seen by it. */
  checkPush(branch: string, call: Call): Promise<void>;
}

/** The files of a folder that is no clone of ours: what is written stays in the private repository until it is published. */
export interface FolderTree extends FileTree {
  /**
   * Brings what was written and removed under the roots into the folder: each file by a temporary one that takes its
   * place, folders that became empty removed. Nothing is touched before everything has been looked at.
   * @returns what was changed in the folder; paths from its root
   * @throws GitError "conflict" when one of these files is not as it was read any more; "invalid" where a link, or a
   *   file, is in the way; "denied" where the folder may not be written
   */
  publish(call: Call): Promise<TreeChanges>;
}
