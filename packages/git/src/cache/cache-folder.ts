import { lstat, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GitError } from "../git-error.ts";

/**
 * Opens the folder in which runs keep what the next one may use, made for this user only.
 * @returns its absolute path
 * @throws GitError "invalid" for a folder that is a link, somebody else's, or open to others
 */
export async function openCacheFolder(folder: string): Promise<string> {
  const root = resolve(folder);
  await mkdir(root, { recursive: true, mode: 0o700 });
  await checkFolder(root);
  return root;
}

async function checkFolder(root: string): Promise<void> {
  const stats = await lstat(root);
  if (!stats.isDirectory()) throw unusable(root, "it is not a folder, or a symbolic link to one");
  const user = process.getuid?.();
  if (user !== undefined && stats.uid !== user) throw unusable(root, "it belongs to another user");
  if ((stats.mode & 0o077) !== 0) throw unusable(root, "other users may enter it");
}

function unusable(root: string, problem: string): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "use repository.cacheFolder",
    problem: `${root}: ${problem}`,
    next: `name a folder of this user alone (chmod 700), or one below it that is made: ${join(root, "kubeferry")}`,
  });
}
