import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../config-error.ts";
import { type LoadedConfig, loadConfig } from "../load-config.ts";
import type { ConfigFlags } from "../sources/flags.ts";

/** What a test loads besides its files. */
export interface Around {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: ConfigFlags;
}

/** A fresh folder with these files in it. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-config-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** Loads files given by their texts, in that order. */
export async function loadTexts(texts: readonly string[], around: Around = {}): Promise<LoadedConfig> {
  const files = Object.fromEntries(texts.map((text, index) => [`${"abc"[index]}.yaml`, text]));
  return loadConfig({
    files: Object.keys(files),
    env: around.env ?? {},
    flags: around.flags ?? {},
    cwd: await folderOf(files),
  });
}

/** The problems of a configuration that must not load, one line each: "store.bucket: … [a.yaml:3]". */
export async function problemsOfTexts(texts: readonly string[], around: Around = {}): Promise<readonly string[]> {
  const error = await loadTexts(texts, around).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError, got ${String(error)}`);
  return error.problems.map(({ path, text, source }) => `${path}: ${text}${source === "" ? "" : ` [${source}]`}`);
}
