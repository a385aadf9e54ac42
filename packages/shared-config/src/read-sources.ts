import { access } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import { expand } from "./expand.ts";
import { type Joined, joinParts } from "./join-parts.ts";
import type { ConfigKey } from "./keys.ts";
import { takeOldNames } from "./old-names/from-file.ts";
import { EMPTY_PART, type Part } from "./part.ts";
import { nodeAt, type Sourced } from "./sourced.ts";
import { readEnvironment } from "./sources/environment.ts";
import { type ConfigFlags, readFlags } from "./sources/flags.ts";
import { readConfigFolder } from "./sources/folder.ts";
import { readYamlFile } from "./sources/yaml-file.ts";

/** The file that is read when none is named. */
export const DEFAULT_FILE = "kubeferry.yaml";

/** The variable that names folders when none is named by a flag; several with the separator that PATH has. */
const FOLDERS_VARIABLE = "KUBEFERRY_CONFIG_DIR";

/** Enough to run stage 1 with; shown to whoever has no configuration. One line, as the message that it ends is one. */
export const SMALLEST_EXAMPLE = "store: { type: folder, path: ./store }";

/** Where configuration comes from; later ones win: defaults, files, folders (each in their order), environment, flags. */
export interface ConfigSources {
  /** YAML files. Empty: `./kubeferry.yaml`, if it is there. */
  readonly files: readonly string[];
  /** Folders with one file a value, as ConfigMaps and Secrets are mounted. Empty or left out: those of `KUBEFERRY_CONFIG_DIR`. */
  readonly folders?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly flags?: ConfigFlags;
  /** What relative names count from; left out, the working directory. */
  readonly cwd?: string;
}

/** What the sources say together; there is something. */
export type Written = Joined & { readonly tree: Sourced };

/**
 * Reads all sources and joins them.
 * @throws ConfigError "missing" when they say nothing, "invalid" when one cannot be read
 */
export async function readSources(sources: ConfigSources, cwd: string, keys: readonly ConfigKey[]): Promise<Written> {
  const files = sources.files.length > 0 ? sources.files : await defaultFiles(cwd);
  const folders = foldersOf(sources);
  const parts = [
    ...(await Promise.all(files.map((file) => readFilePart(file, sources.env, cwd)))),
    ...(await Promise.all(folders.map((folder) => readConfigFolder(folder, resolve(cwd, folder), keys)))),
    readEnvironment(sources.env),
    { ...EMPTY_PART, tree: readFlags(sources.flags ?? {}, keys) },
  ];
  // A source that cannot be read at all leaves gaps that nobody needs to hear about.
  const unreadable = parts.filter(
    ({ tree, assignments, problems }) => problems.length > 0 && tree === undefined && assignments.length === 0,
  );
  if (unreadable.length > 0)
    throw new ConfigError(
      "invalid",
      unreadable.flatMap((part) => part.problems),
    );
  const { tree, uses, problems } = joinParts(parts);
  const nothing = tree === undefined || (files.length + folders.length === 0 && nodeAt(tree, ["store"]) === undefined);
  if (!nothing) return { tree, uses, problems };
  throw nothingConfigured([...files, ...folders]);
}

async function readFilePart(file: string, env: NodeJS.ProcessEnv, cwd: string): Promise<Part> {
  const { tree, problems } = await readYamlFile(file, resolve(cwd, file));
  if (tree === undefined) return { ...EMPTY_PART, problems };
  return takeOldNames(await expand(tree, env, cwd));
}

async function defaultFiles(cwd: string): Promise<readonly string[]> {
  const there = await access(resolve(cwd, DEFAULT_FILE)).then(
    () => true,
    () => false,
  );
  return there ? [DEFAULT_FILE] : [];
}

function foldersOf({ folders = [], env }: ConfigSources): readonly string[] {
  if (folders.length > 0) return folders;
  return (env[FOLDERS_VARIABLE] ?? "").split(delimiter).filter((folder) => folder !== "");
}

function nothingConfigured(places: readonly string[]): ConfigError {
  const looked =
    places.length === 0 ? `no file was named and there is no ./${DEFAULT_FILE}` : `${places.join(", ")} is empty`;
  const text = `nothing is configured: ${looked}, and MINIO_ENDPOINT is not set; set MINIO_ENDPOINT, MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or write ${DEFAULT_FILE}, at least: ${SMALLEST_EXAMPLE}`;
  return new ConfigError("missing", [{ path: DEFAULT_FILE, source: "", text }]);
}
