import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { removeLeftovers } from "./leftovers.ts";

/** Folders of one work tree, readable by this user only, that go together. */
export interface PrivatePlace {
  /** Empty: what git and curl look for in a home is not there. */
  readonly home: string;
  /** Where git works. */
  readonly tree: string;
  /** Makes a further folder. */
  folder(name: string): Promise<string>;
  /** Removes everything. May be called twice. */
  remove(): Promise<void>;
}

const PREFIX = "kubeferry-git-";
/** As `mkdtemp` names them. */
const OURS = new RegExp(`^${PREFIX}[A-Za-z0-9]{6}$`);

/**
 * Makes the folders below `parent`, the system's folder for temporary files when it is undefined. Those that killed runs
 * left there a day ago go: they may hold keys.
 */
export async function makePrivatePlace(parent: string | undefined): Promise<PrivatePlace> {
  const above = resolve(parent ?? tmpdir());
  await removeLeftovers(above, OURS);
  const root = await mkdtemp(join(above, PREFIX));
  const folder = async (name: string) => {
    const place = join(root, name);
    await mkdir(place, { mode: 0o700 });
    return place;
  };
  return {
    home: await folder("home"),
    tree: await folder("tree"),
    folder,
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}
