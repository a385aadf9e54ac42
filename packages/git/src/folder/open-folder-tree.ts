import { resolve } from "node:path";
import { type Call, compareUtf8 } from "@kubeferry/model";
import type { BaseFiles } from "../base-files.ts";
import { createFileTree } from "../file-tree.ts";
import { localEnvironment } from "../git-environment.ts";
import { createBlobWriter } from "../objects/blob-writer.ts";
import { checkVersion, initialise } from "../prepare-clone.ts";
import { makePrivatePlace, type PrivatePlace } from "../private-place.ts";
import { createQueue } from "../queue.ts";
import { createGit, type Git } from "../run-git.ts";
import { checkPath } from "../safe-path.ts";
import { type TreeEdit, writeTree } from "../tree-changes.ts";
import type { FolderTree } from "../work-tree.ts";
import { publishInto } from "./publish-into.ts";
import { readFolder } from "./read-folder.ts";

/** A folder that is written to without commits. */
export interface FolderTreeOptions {
  /** Made when something is published; it need not be there before. */
  readonly folder: string;
  /** The paths below it that are read, and that alone are written: "namespaces", "argocd". */
  readonly roots: readonly string[];
  /** Where the private copy is made; the system's folder for temporary files when left out. */
  readonly parentFolder?: string;
  /** The longest one git command may take; 10 minutes when left out. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 600_000;

/**
 * Takes what lies under the roots of a folder into a private repository, as the base that everything is compared with.
 * The folder itself is only written by `publish`, and nothing in it but files under the roots: where it is somebody's
 * git repository, neither its index nor a commit changes.
 * @throws GitError "invalid" for a root that leads over a symbolic link; "denied" for what cannot be read;
 *   "missing-git"
 */
export async function openFolderTree(options: FolderTreeOptions, call: Call): Promise<FolderTree> {
  const roots = options.roots.map(checkPath);
  const place = await makePrivatePlace(options.parentFolder);
  try {
    return await openIn(place, { ...options, folder: resolve(options.folder), roots }, call);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

async function openIn(place: PrivatePlace, options: FolderTreeOptions, call: Call): Promise<FolderTree> {
  const { folder, roots } = options;
  const git = createLocalGit(place, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  await checkVersion(git, call);
  await initialise(git, place.tree, call);
  const base = await takeAsBase(git, { folder, roots }, call);
  const tree = createFileTree({
    ...base,
    git,
    folder: place.tree,
    roots,
    oneAtATime: createQueue(),
    remove: () => place.remove(),
  });
  call.log.debug("folder opened", { operation: "git_read", url: folder, commit: base.baseCommit });
  return { ...tree, publish: (publishCall) => publishInto(folder, { tree, roots }, publishCall) };
}

function createLocalGit({ home, tree }: PrivatePlace, timeoutMs: number): Git {
  const settings = { transport: "file", caFile: undefined, proxy: undefined, ssh: {}, home } as const;
  const local = localEnvironment(settings, process.env);
  return createGit({
    folder: tree,
    timeoutMs,
    local,
    remote: () => Promise.resolve({ environment: local, secrets: [] }),
  });
}

/** What a folder holds under the roots, as a commit. */
async function takeAsBase(
  git: Git,
  { folder, roots }: Pick<FolderTreeOptions, "folder" | "roots">,
  call: Call,
): Promise<{ readonly baseCommit: string; readonly files: BaseFiles }> {
  const writer = createBlobWriter(git, []);
  const files = new Map<string, { readonly mode: string; readonly id: string }>();
  const submodules = new Set<string>();
  const edits: TreeEdit[] = [];
  try {
    const onRepository = (path: string) => submodules.add(path);
    for await (const { path, mode, content } of readFolder({ from: folder, roots, onRepository }, call)) {
      const blob = await writer.write(content);
      files.set(path, { mode, id: blob });
      edits.push({ path, entry: { mode, blob } });
    }
    await writer.settle(call);
    const tree = await writeTree(git, undefined, edits, call);
    // In git's order, which is that of the paths' bytes.
    const ordered = new Map([...files].sort(([left], [right]) => compareUtf8(left, right)));
    return { baseCommit: await commitAsBase(git, tree, call), files: { files: ordered, submodules } };
  } finally {
    await writer.close();
  }
}

/** One commit that holds the files; it goes nowhere, and is the same for equal files. */
async function commitAsBase(git: Git, tree: string, call: Call): Promise<string> {
  const operation = "read the folder";
  const nobody = { NAME: "kubeferry", EMAIL: "kubeferry@localhost", DATE: "@0 +0000" };
  const variables = Object.fromEntries(
    Object.entries(nobody).flatMap(([name, value]) => [
      [`GIT_AUTHOR_${name}`, value],
      [`GIT_COMMITTER_${name}`, value],
    ]),
  );
  return (await git.text({ operation, args: ["commit-tree", tree, "-m", "as it was read"], variables }, call)).trim();
}
