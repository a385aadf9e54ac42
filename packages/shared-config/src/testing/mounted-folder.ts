import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder as the kubelet mounts a ConfigMap or Secret: links through `..data` to the files of one revision. */
export async function mountedFolder(values: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-mounted-"));
  const revision = "..2026_01_02_03_04_05.123456789";
  await mkdir(join(folder, revision));
  await symlink(revision, join(folder, "..data"));
  for (const [name, value] of Object.entries(values)) {
    await writeFile(join(folder, revision, name), value);
    await symlink(join("..data", name), join(folder, name));
  }
  return folder;
}

/** Where a file or folder of `fixtures/` is. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
}

/** The values of a fixture that is a folder. */
export async function valuesIn(name: string): Promise<Record<string, string>> {
  const folder = fixture(name);
  const names = await readdir(folder);
  const values = await Promise.all(
    names.map(async (each) => [each, await readFile(join(folder, each), "utf8")] as const),
  );
  return Object.fromEntries(values);
}
