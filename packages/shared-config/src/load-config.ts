import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { Secret } from "@kubeferry/model";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { expand } from "./expand.ts";
import { type ConfigKey, configKeys, keysAt } from "./keys.ts";
import { problemsOf } from "./problems.ts";
import { resolvePaths } from "./resolve-paths.ts";
import { type Config, configSchema, type GitOpsConfig } from "./schema/config.ts";
import { dotted, type KeyPath, merge, nodeAt, plain, type Sourced } from "./sourced.ts";
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
  const expanded = await expand(written.tree, sources.env, cwd);
  const tree = resolvePaths(expanded.tree, keys, { cwd, home: sources.env.HOME });
  const parsed = configSchema.safeParse(plain(tree));
  // What could not be expanded is already reported; the schema's opinion on what is left of it would only confuse.
  const unexpanded = new Set(expanded.problems.map(({ path }) => path));
  const found = problemsOf(parsed.error?.issues ?? [], tree, keys).filter(({ path }) => !unexpanded.has(path));
  const problems = [...expanded.problems, ...found];
  if (!parsed.success || problems.length > 0) throw new ConfigError("invalid", withoutSecrets(problems, tree, keys));
  const config = deepFreeze(parsed.data) as Config;
  return { config, clusters: [config], warnings: warningsOf(config, tree, written.unused) };
}

/**
 * The section of stage 2, for commands that need it.
 * @throws ConfigError "missing" when it is not written
 */
export function gitopsOf(config: Config): GitOpsConfig {
  if (config.gitops !== undefined) return config.gitops;
  const text =
    'missing; this command writes to Git and needs at least gitops: { namespaces: ["shop"], repository: { url: "https://git.example.com/acme/fleet.git" } }';
  throw new ConfigError("missing", [{ path: "gitops", source: "", text }]);
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

/** A value of a secret key that also stands elsewhere (a bucket named like the password) is hidden there too. */
function withoutSecrets(
  problems: readonly ConfigProblem[],
  tree: Sourced,
  keys: readonly ConfigKey[],
): readonly ConfigProblem[] {
  const values = secretValues(tree, keys, []);
  return problems.map((problem) => ({
    ...problem,
    path: values.reduce((text, value) => text.replaceAll(value, "***"), problem.path),
    text: values.reduce((text, value) => text.replaceAll(value, "***"), problem.text),
  }));
}

function secretValues(node: Sourced, keys: readonly ConfigKey[], path: KeyPath): readonly string[] {
  if (node.kind === "map")
    return [...node.entries].flatMap(([key, value]) => secretValues(value, keys, [...path, key]));
  if (node.kind === "list") return node.items.flatMap((item, index) => secretValues(item, keys, [...path, index]));
  const isSecret = keysAt(keys, path).some((key) => key.node.writeOnly === true);
  const text = String(node.value);
  // Shorter ones would only make holes in ordinary words.
  return isSecret && text.length >= 4 && !dotted(path).includes(text) ? [text] : [];
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
