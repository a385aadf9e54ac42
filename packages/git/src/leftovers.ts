import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** No run is at work that long; what is older was left by one that was killed. */
const LEFT_BEHIND_AFTER_MS = 86_400_000;

/**
 * Removes folders of this user that killed runs left in a folder a day ago or earlier. Never fails: what cannot be
 * removed stays.
 * @param named what our folders are called, and nothing else
 */
export async function removeLeftovers(place: string, named: RegExp): Promise<void> {
  const names = await readdir(place).catch((): readonly string[] => []);
  for (const name of names.filter((each) => named.test(each))) await removeIfLeft(join(place, name));
}

async function removeIfLeft(folder: string): Promise<void> {
  try {
    const stats = await lstat(folder);
    const isOurs = stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());
    if (!isOurs || Date.now() - stats.mtimeMs <= LEFT_BEHIND_AFTER_MS) return;
    await rm(folder, { recursive: true, force: true });
  } catch {
    // another run removed it meanwhile, or nobody can
  }
}
