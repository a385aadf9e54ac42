import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BackupConfig, type Config, loadConfig } from "@kubeferry/shared-config";

/** The `backup` section that a text of `backup.filter` gives, read as a user's file is. */
export async function filterOf(filter: string): Promise<BackupConfig> {
  return (await configWith(filter)).backup;
}

/** The whole configuration around a text of `backup.filter`. */
export async function configWith(filter: string): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-filter-"));
  await writeFile(join(folder, "a.yaml"), `store: { type: folder, path: ./store }\nbackup: { filter: ${filter} }\n`);
  const { config } = await loadConfig({ files: ["a.yaml"], env: {}, cwd: folder });
  return config;
}
