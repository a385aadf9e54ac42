import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freshFolder } from "./workspace.ts";

/** A ConfigMap or Secret as the kubelet mounts it: every name is a link through `..data` to the files of one revision. */
export interface MountedFolder {
  readonly path: string;
  /** Puts the files of a new revision in place by one rename, and removes those before. */
  swap(values: Readonly<Record<string, string>>): Promise<void>;
}

/** Mounts one. @param values by the names of their files; a revision has the same names */
export async function mountedFolder(values: Readonly<Record<string, string>>): Promise<MountedFolder> {
  const path = await freshFolder();
  const state = { revision: 0 };

  async function write(each: Readonly<Record<string, string>>): Promise<void> {
    const before = `..revision-${state.revision}`;
    state.revision++;
    const revision = `..revision-${state.revision}`;
    await mkdir(join(path, revision));
    for (const [name, value] of Object.entries(each)) await writeFile(join(path, revision, name), value);
    await symlink(revision, join(path, "..data_tmp"));
    await rename(join(path, "..data_tmp"), join(path, "..data"));
    await rm(join(path, before), { recursive: true, force: true });
  }

  await write(values);
  for (const name of Object.keys(values)) await symlink(join("..data", name), join(path, name));
  return { path, swap: write };
}
