import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { TreeFile, WorkTree } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { CLUSTER_FOLDER, namespaceOf } from "../catalog.ts";
import { OWNERSHIP_FILE, type Ownership, readOwnership } from "../layout/ownership.ts";

/** What the base branch holds in one folder of ours. */
export interface TipFolder {
  /** Undefined where there is no ownership file, and where it cannot be read. */
  readonly ownership: Ownership | undefined;
  /** SHA-256 of every file, ours or not, by path from the folder; a link counts as its target, and is never ours. */
  readonly digests: ReadonlyMap<string, string>;
}

/** What the base branch holds where this app writes. */
export interface Tip {
  /** By folder: "namespaces/shop", "cluster", "argocd". */
  readonly folders: ReadonlyMap<string, TipFolder>;
  /** Files that the ownership files name. */
  readonly ownedFiles: number;
}

/** The folder of project and roots. */
export const ARGOCD_FOLDER = "argocd";

const EMPTY: TipFolder = { ownership: undefined, digests: new Map() };

/**
 * Reads what is ours at the base tip, and what lies beside it.
 * @throws GitOpsError "newer-format"; GitError
 */
export async function readTip(tree: WorkTree, call: Call): Promise<Tip> {
  const folders = new Map<string, TipFolder>();
  for (const prefix of ["namespaces/", `${CLUSTER_FOLDER}/`, `${ARGOCD_FOLDER}/`]) {
    const files = await tree.listFiles(tree.baseCommit, prefix, call);
    for (const [folder, inside] of byFolder(files)) folders.set(folder, await readFolder(tree, folder, inside, call));
  }
  let ownedFiles = 0;
  for (const { ownership } of folders.values()) ownedFiles += Object.keys(ownership?.files ?? {}).length;
  return { folders, ownedFiles };
}

/** A folder at the tip; an empty one where there is none. */
export function tipFolder(tip: Tip, folder: string): TipFolder {
  return tip.folders.get(folder) ?? EMPTY;
}

function byFolder(files: readonly TreeFile[]): ReadonlyMap<string, readonly TreeFile[]> {
  const folders = new Map<string, TreeFile[]>();
  for (const file of files) {
    const folder = /^(namespaces\/[^/]+|[^/]+)\/./.exec(file.path)?.[1];
    if (folder === undefined || folder === "namespaces") continue;
    const inside = folders.get(folder) ?? [];
    folders.set(folder, inside);
    inside.push(file);
  }
  return folders;
}

async function readFolder(tree: WorkTree, folder: string, files: readonly TreeFile[], call: Call): Promise<TipFolder> {
  const digests = new Map<string, string>();
  for (const { path, link } of files) {
    digests.set(path.slice(folder.length + 1), link ? "a symbolic link" : await digestOf(join(tree.folder, path)));
  }
  const path = `${folder}/${OWNERSHIP_FILE}`;
  const text = digests.has(OWNERSHIP_FILE) ? await tree.readFile(tree.baseCommit, path, call) : undefined;
  const ownership = text === undefined ? undefined : readOwnership(text.toString("utf8"), path);
  return { ownership: ownership !== undefined && isAbout(folder, ownership) ? ownership : undefined, digests };
}

/** Whether a folder's ownership file was written for this folder; a person who copies a folder copies that file too. */
function isAbout(folder: string, { files }: Ownership): boolean {
  const namespace = namespaceOf(folder);
  return Object.values(files).every(({ object }) => {
    if (object === undefined) return true;
    return (object.namespace ?? (object.kind === "Namespace" ? object.name : undefined)) === namespace;
  });
}

// Straight from the checkout: git lists no file behind a link, and one process a file would take minutes.
async function digestOf(place: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(place)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
