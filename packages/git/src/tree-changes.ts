import type { Call } from "@kubeferry/model";
import type { Git } from "./run-git.ts";

/** What differs between two trees; paths from the root, in git's order. */
export interface TreeChanges {
  readonly added: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Writes the base commit's tree with what the work tree has under the prefixes put over it, and gives its id.
 * Ignore rules of the repository do not count: what we wrote is meant.
 */
export async function writeTree(
  git: Git,
  baseCommit: string,
  prefixes: readonly string[],
  call: Call,
): Promise<string> {
  const operation = "record the work tree";
  // Starts from the base each time, whatever was recorded before (-i), and keeps what the index knows of unchanged
  // files (-m).
  await git.text({ operation, args: ["read-tree", "-i", "-m", baseCommit] }, call);
  const touched = await touchedPaths(git, prefixes, call);
  if (touched.length > 0) {
    const args = ["update-index", "--add", "--remove", "--replace", "-z", "--stdin"];
    await git.text({ operation, args, input: `${touched.join("\0")}\0` }, call);
  }
  // What is not checked out need not be here: it is at the remote.
  return (await git.text({ operation, args: ["write-tree", "--missing-ok"] }, call)).trim();
}

async function touchedPaths(git: Git, prefixes: readonly string[], call: Call): Promise<readonly string[]> {
  const args = ["ls-files", "-z", "--modified", "--others", ...pathArguments(prefixes)];
  const listing = await git.text({ operation: "list what was written", args }, call);
  return [...new Set(splitNul(listing))];
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

/** Paths at which a commit has submodules. */
export async function listSubmodules(git: Git, commit: string, call: Call): Promise<ReadonlySet<string>> {
  const entries = await listEntries(git, commit, "", call);
  return new Set(entries.filter(({ type }) => type === "commit").map(({ path }) => path));
}

interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

async function listEntries(git: Git, commit: string, prefix: string, call: Call): Promise<readonly TreeEntry[]> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit, ...pathArguments([prefix])];
  const text = await git.text({ operation: `list files of ${commit}`, args }, call);
  return splitNul(text).map((entry) => {
    const [, mode = "", type = "", id = "", path = ""] = /^(\d+) (\w+) ([0-9a-f]+)\t([\s\S]*)$/.exec(entry) ?? [];
    return { mode, type, id, path };
  });
}

// "" stands for everything: no path at all, since git takes an empty one for a mistake.
function pathArguments(prefixes: readonly string[]): readonly string[] {
  return prefixes.includes("") ? ["--"] : ["--", ...prefixes];
}

function splitNul(text: string): string[] {
  return text.split("\0").filter((part) => part !== "");
}
