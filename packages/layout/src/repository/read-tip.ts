import type { FileTree, TreeFile } from "@kubeferry/git";
import type { Call } from "@kubeferry/model";
import { namespaceOf } from "../catalog.ts";
import { OWNERSHIP_FILE, type Ownership, readOwnership } from "../folders/ownership.ts";
import { GitOpsError } from "../gitops-error.ts";
import type { RepositoryShape } from "../shape/shape.ts";
import { otherShapes } from "../shape/shapes.ts";

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

/** In the place of a link's digest. */
const LINK = "a symbolic link";
const EMPTY: TipFolder = { ownership: undefined, digests: new Map() };

/**
 * Reads what is ours at the base tip, and what lies beside it.
 * @throws GitOpsError "newer-format"; "config" where the repository has another shape; GitError
 */
export async function readTip(tree: FileTree, shape: RepositoryShape, call: Call): Promise<Tip> {
  for (const other of otherShapes(shape)) await refuseShape(tree, other, shape, call);
  const folders = new Map<string, TipFolder>();
  for (const [folder, files] of await listFolders(tree, shape, call)) {
    folders.set(folder, await readFolder(tree, folder, files, call));
  }
  let ownedFiles = 0;
  for (const { ownership } of folders.values()) ownedFiles += Object.keys(ownership?.files ?? {}).length;
  return { folders, ownedFiles };
}

/** A folder at the tip; an empty one where there is none. */
export function tipFolder(tip: Tip, folder: string): TipFolder {
  return tip.folders.get(folder) ?? EMPTY;
}

/** A file with its path from the folder that it is of. */
type FolderFile = TreeFile & { readonly inside: string };

/** The files of every folder, by its name; what lies elsewhere below the roots is nobody's business. */
async function listFolders(
  tree: FileTree,
  shape: RepositoryShape,
  call: Call,
): Promise<ReadonlyMap<string, readonly FolderFile[]>> {
  const folders = new Map<string, FolderFile[]>();
  for (const root of shape.roots) {
    for (const file of await tree.listFiles(tree.baseCommit, `${root}/`, call)) {
      const logical = shape.parse(file.path);
      if (logical === undefined) continue;
      const files = folders.get(logical.folder) ?? [];
      folders.set(logical.folder, files);
      files.push({ ...file, inside: logical.path });
    }
  }
  return folders;
}

/**
 * Two shapes beside each other would be two Applications for one namespace, and what is ours in the other one would
 * grow old in silence.
 */
async function refuseShape(tree: FileTree, other: RepositoryShape, shape: RepositoryShape, call: Call): Promise<void> {
  for (const [folder, files] of await listFolders(tree, other, call)) {
    const mark = files.find(({ inside }) => inside === OWNERSHIP_FILE);
    if (mark === undefined || mark.link) continue;
    const { ownership } = await readFolder(tree, folder, [mark], call);
    if (ownership === undefined) continue;
    throw new GitOpsError({
      kind: "config",
      who: "gitops",
      operation: "read the base branch",
      problem: `${mark.path} was written with gitops.layout: ${other.id}, and ${shape.id} is configured`,
      next: `set gitops.layout: ${other.id} again; or remove what it wrote (${other.roots.join(", ")}) from the base branch, and run again`,
    });
  }
}

async function readFolder(
  tree: FileTree,
  folder: string,
  files: readonly FolderFile[],
  call: Call,
): Promise<TipFolder> {
  const read = await tree.digests(
    files.filter(({ link }) => !link),
    call,
  );
  const digests = new Map(files.map(({ inside, blob, link }) => [inside, (link ? undefined : read.get(blob)) ?? LINK]));
  const mark = files.find(({ inside }) => inside === OWNERSHIP_FILE)?.path;
  const text = mark === undefined ? undefined : await tree.readFile(tree.baseCommit, mark, call);
  const ownership = text === undefined || mark === undefined ? undefined : readOwnership(text.toString("utf8"), mark);
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
