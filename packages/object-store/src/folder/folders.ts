import { mkdir, open, readdir, rmdir } from "node:fs/promises";
import { platform } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { errnoOf } from "./errors.ts";
import { folderExists, invalid, statIfAny } from "./place.ts";

/**
 * Makes `folder` and what is missing between it and the root, but never the root itself.
 * @throws StorageError "invalid" when an object or a symbolic link is in the way
 */
export async function makeFolders(root: string, folder: string, operation: string): Promise<void> {
  if (await folderExists(folder, operation)) return;
  let parent = root;
  for (const name of relative(root, folder).split(sep)) {
    const path = join(parent, name);
    if (await makeFolder(path)) await syncFolder(parent);
    else await checkIsFolder(root, path, operation);
    parent = path;
  }
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function checkIsFolder(root: string, path: string, operation: string): Promise<void> {
  const stats = await statIfAny(path);
  if (stats === undefined || stats.isDirectory()) return;
  const what = stats.isSymbolicLink() ? "a symbolic link" : "an object";
  throw invalid(operation, `"${relative(root, path)}" is ${what}, and no key can lie below it in a folder`);
}

/** Removes `folder` and its parents up to the root as long as they are empty. @returns the first that stayed */
export async function removeEmptyFolders(root: string, folder: string): Promise<string> {
  let path = folder;
  while (path !== root && (await removeFolder(path))) path = dirname(path);
  return path;
}

/** Removes a folder that holds nothing but empty folders, as a killed process can leave. @returns whether it has gone */
export async function removeHollowFolder(path: string): Promise<boolean> {
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (!entry.isDirectory() || !(await removeHollowFolder(join(path, entry.name)))) return false;
  }
  return removeFolder(path);
}

async function removeFolder(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT") return true;
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") return false;
    throw error;
  }
}

/** Makes names in the folder survive a power failure. Windows cannot sync folders and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (platform() === "win32") return;
  try {
    const handle = await open(path, "r");
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    // Another process has emptied and removed it meanwhile, and has synced what is above it.
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
