import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { checkConfig } from "./check-config.ts";
import { ConfigError } from "./config-error.ts";
import { expand } from "./expand.ts";
import { configKeys } from "./keys.ts";
import type { Config } from "./schema/config.ts";
import { merge, nodeAt, type Sourced } from "./sourced.ts";
import { readEnvironment } from "./sources/environment.ts";
import { type ConfigFlags, readFlags } from "./sources/flags.ts";
import { readYamlFile } from "./sources/yaml-file.ts";
import { warningsOf } from "./warnings.ts";

/** The file that is read when none is named. */
export const DEFAULT_FILE = "kubeferry.yaml";

/** Enough to run stage 1 with; shown to whoever has no configuration. */
export const SMALLEST_EXAMPLE = `store:
  type: folder
  path: ./store
`;

/** Where configuration comes from; later ones win: defaults, files in their order, environment, flags. */
export interface ConfigSources {
  /** YAML files. Empty: `./kubeferry.yaml`, if it is there. */
  readonly files: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly flags?: ConfigFlags;
  /** What relative names count from; left out, the working directory. */
  readonly cwd?: string;
}

/** A configuration that can be used, and what should be said aloud once before it is. */
export interface LoadedConfig {
  /** Deeply frozen. */
  readonly config: Config;
  /** One whole configuration for each entry of `clusters`, with what the entry says laid over the rest; without entries, `config` alone. */
  readonly clusters: readonly Config[];
  /** One sentence each, naming key and value; no secrets. */
  readonly warnings: readonly string[];
}

/**
 * Reads, joins and checks all sources.
 * @throws ConfigError "missing" when nothing is configured, "invalid" with every problem found; no value of a secret key is in it
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const cwd = sources.cwd ?? process.cwd();
  const keys = configKeys();
  const written = await readSources(sources, cwd);
  const { tree, problems } = await expand(written.tree, sources.env, cwd);
  const checked = checkConfig(tree, keys, { cwd, home: sources.env.HOME }, problems);
  const { config, clusters } = checked;
  return { config, clusters, warnings: warningsOf(config, checked.tree, written.unused) };
}

interface Written {
  readonly tree: Sourced;
  readonly unused: readonly string[];
}

async function readSources(sources: ConfigSources, cwd: string): Promise<Written> {
  const names = sources.files.length > 0 ? sources.files : await defaultFiles(cwd);
  const files = await Promise.all(names.map((name) => readYamlFile(name, resolve(cwd, name))));
  const problems = files.flatMap((file) => file.problems);
  if (problems.length > 0) throw new ConfigError("invalid", problems);
  const inFiles = files.map((file) => file.tree).reduce(merge, undefined);
  const flags = readFlags(sources.flags ?? {});
  const environment = readEnvironment(sources.env, typeOfStore(flags) ?? typeOfStore(inFiles));
  const tree = merge(merge(inFiles, environment.tree), flags);
  if (tree === undefined || (names.length === 0 && nodeAt(tree, ["store"]) === undefined))
    throw nothingConfigured(names);
  return { tree, unused: environment.unused };
}

async function defaultFiles(cwd: string): Promise<readonly string[]> {
  const there = await access(resolve(cwd, DEFAULT_FILE)).then(
    () => true,
    () => false,
  );
  return there ? [DEFAULT_FILE] : [];
}

function typeOfStore(tree: Sourced | undefined): unknown {
  const type = nodeAt(tree, ["store", "type"]);
  return type?.kind === "leaf" ? type.value : undefined;
}

function nothingConfigured(files: readonly string[]): ConfigError {
  const looked =
    files.length === 0 ? `no file was named and there is no ./${DEFAULT_FILE}` : `${files.join(", ")} is empty`;
  const text = `nothing is configured: ${looked}, and MINIO_ENDPOINT is not set; set MINIO_ENDPOINT, MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or write ${DEFAULT_FILE}, at least:\n\n${SMALLEST_EXAMPLE}`;
  return new ConfigError("missing", [{ path: DEFAULT_FILE, source: "", text }]);
}
