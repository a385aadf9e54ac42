import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import type { RemoteBranch } from "./branch-history.ts";
import type { CommitMessage } from "./commit-message.ts";
import type { TreeChanges, TreeFile } from "./tree-changes.ts";

/**
 * A private clone of one repository at the tip of its base branch. Files are written into `folder`, turned into a
 * commit on top of the base, and pushed to a branch. Paths are from the root of the repository, with "/".
 *
 * Everything throws GitError, and the signal's reason when the call was aborted.
 */
export interface WorkTree {
  /** The checked-out base tip, readable by this user only. Links in it may point anywhere: read through `readFile`. */
  readonly folder: string;
  /** The base branch's newest commit when the work tree was opened. */
  readonly baseCommit: string;

  /** The branch as the remote has it now; undefined when it does not exist there. */
  remoteBranch(branch: string, call: Call): Promise<RemoteBranch | undefined>;

  /** The bytes of a file at a commit; undefined when that commit has no such file. */
  readFile(commit: string, path: string, call: Call): Promise<Buffer | undefined>;

  /** The files at a commit under a prefix ("" for all), in git's order. A prefix without files gives an empty list. */
  listFiles(commit: string, prefix: string, call: Call): Promise<readonly TreeFile[]>;

  /** Writes a file, its folders too. Never follows a symbolic link: one at `path` itself is replaced by the file.
   * @throws GitError "invalid" for a path that leaves the work tree, names ".git" or goes through a link or into a submodule */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;

  /** Removes a file and the folders that become empty; a file that is not there is no error. */
  removeFile(path: string): Promise<void>;

  /** What the work tree has under the prefixes that the commit has not: added, modified, removed towards the work tree. */
  changesAgainst(commit: string, prefixes: readonly string[], call: Call): Promise<TreeChanges>;

  /** The same from the base, as a unified diff in git's form; "" when nothing differs. It holds the files' own bytes:
   * whatever shows it on a terminal takes control characters out. */
  diff(prefixes: readonly string[], call: Call): Promise<string>;

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

  /** Removes the clone from disk. May be called twice. */
  close(): Promise<void>;
}
