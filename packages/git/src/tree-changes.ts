import type { Call } from "@kubeferry/model";
import type { Git } from "./run-git.ts";

/** What differs between two trees; paths from the root, in git's order. */
export interface TreeChanges {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/** What a path is to hold. */
export interface TreeEdit {
  readonly path: string;
  /** Undefined: nothing. */
  readonly entry: FileEntry | undefined;
}

/** A file as a tree names it. */
export interface FileEntry {
  readonly mode: FileMode;
  /** Git's id of the content. */
  readonly blob: string;
}

/** A file, one that may be run, and a symbolic link. */
export type FileMode = "100644" | "100755" | "120000";

const OPERATION = "record what was written";
const NO_BLOB = "0".repeat(40);

/**
 * Writes the tree of a commit with some paths changed, and gives its id. Neither files nor contents are looked at: only
 * names, by way of git's index, which refuses those that nobody could check out.
 * @param base undefined: nothing
 */
export async function writeTree(
  git: Git,
  base: string | undefined,
  edits: readonly TreeEdit[],
  call: Call,
): Promise<string> {
  // From the base each time, whatever was recorded before.
  await git.text({ operation: OPERATION, args: ["read-tree", base ?? "--empty"] }, call);
  if (edits.length > 0) {
    // What goes, goes first: a file may take the place of a folder.
    const [going, staying] = [edits.filter(({ entry }) => entry === undefined), edits.filter(({ entry }) => entry)];
    const args = ["update-index", "--add", "--replace", "-z", "--index-info"];
    await git.text({ operation: OPERATION, args, input: [...going, ...staying].map(indexLine).join("") }, call);
  }
  // What lies elsewhere need not be here: it is at the remote.
  return (await git.text({ operation: OPERATION, args: ["write-tree", "--missing-ok"] }, call)).trim();
}

/** @see git-update-index(1), USING --INDEX-INFO: mode 0 removes */
function indexLine({ path, entry }: TreeEdit): string {
  return `${entry?.mode ?? "0"} ${entry?.blob ?? NO_BLOB}\t${path}\0`;
}

/** Compares two trees or commits under the prefixes. A renamed file is one removed and one added. */
export async function compareTrees(
  git: Git,
  trees: { readonly from: string; readonly to: string },
  prefixes: readonly string[],
  call: Call,
): Promise<TreeChanges> {
  const range = [trees.from, trees.to, ...pathArguments(prefixes)];
  const args = ["diff-tree", "-r", "-z", "--no-renames", "--name-status", ...range];
  const fields = splitNul(await git.text({ operation: "compare trees", args }, call));
  const changes = { added: [] as string[], modified: [] as string[], removed: [] as string[] };
  for (let at = 0; at + 1 < fields.length; at += 2) {
    listFor(changes, fields[at] ?? "").push(fields[at + 1] ?? "");
  }
  return changes;
}

/** The same as a unified diff, as git writes it. */
export function diffTrees(
  git: Git,
  trees: { readonly from: string; readonly to: string },
  prefixes: readonly string[],
  call: Call,
): Promise<string> {
  const range = [trees.from, trees.to, ...pathArguments(prefixes)];
  const args = [
    "diff-tree",
    "-r",
    "-p",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--text",
    ...range,
  ];
  return git.text({ operation: "compare trees", args, remote: true }, call);
}

function listFor(changes: { added: string[]; modified: string[]; removed: string[] }, status: string): string[] {
  if (status === "A") return changes.added;
  if (status === "D") return changes.removed;
  return changes.modified; // M: content or mode, T: a file became a link or the other way round
}

/** A file at a commit. */
export interface TreeFile {
  readonly path: string;
  /** Git's id of the content: equal ids mean equal bytes. */
  readonly blob: string;
  /** True for a symbolic link, whose content is the path that it points to. */
  readonly link: boolean;
}

/** The files of a commit under a prefix ("" for all), in git's order. Submodules are left out. */
export async function listTree(git: Git, commit: string, prefix: string, call: Call): Promise<readonly TreeFile[]> {
  const files: TreeFile[] = [];
  for (const { mode, type, id, path } of await listEntries(git, commit, prefix, call)) {
    if (type === "blob") files.push({ path, blob: id, link: mode === "120000" });
  }
  return files;
}

/** What a commit holds at a path. */
export interface TreeEntry {
  readonly mode: string;
  /** "blob", "commit" for a submodule, "tree" for a folder. */
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

/** Everything at a commit under a prefix. @param folders true: they are named too, each before what it holds */
export async function listEntries(
  git: Git,
  commit: string,
  prefix: string,
  call: Call,
  { folders = false }: { readonly folders?: boolean } = {},
): Promise<readonly TreeEntry[]> {
  const named = folders ? ["-t"] : [];
  const args = ["ls-tree", "-r", ...named, "-z", "--full-tree", commit, ...pathArguments([prefix])];
  const text = await git.text({ operation: `list files of ${commit}`, args }, call);
  return splitNul(text).map((entry) => {
    const [, mode = "", type = "", id = "", path = ""] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? [];
    return { mode, type, id, path };
  });
}

/** Whether a path is one that a prefix ("" for all) names: itself, or below it. */
export function isUnder(path: string, prefix: string): boolean {
  return prefix === "" || path === prefix || path.startsWith(`${prefix}/`);
}

// "" stands for everything: no path at all, since git takes an empty one for a mistake.
function pathArguments(prefixes: readonly string[]): readonly string[] {
  return prefixes.includes("") ? ["--"] : ["--", ...prefixes];
}

function splitNul(text: string): string[] {
  return text.split("\0").filter((part) => part !== "");
}
