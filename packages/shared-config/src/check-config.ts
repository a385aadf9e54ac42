import { Secret } from "@kubeferry/model";
import { type ClusterTree, clusterTrees, pathInEntry } from "./clusters.ts";
import { ConfigError, type ConfigProblem } from "./config-error.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { ConfigKey } from "./keys.ts";
import { type Checked, problemsOf } from "./problems.ts";
import { type PathBase, resolvePaths } from "./resolve-paths.ts";
import { type Config, configSchema } from "./schema/config.ts";
import { dotted, plain, type Sourced } from "./sourced.ts";

/** What a tree comes out as. */
export interface CheckedConfig {
  /** The tree without the entries of `clusters` laid over it. */
  readonly config: Config;
  /** One for each entry of `clusters`; without entries, `config` alone. */
  readonly clusters: readonly Config[];
  /** With its paths made absolute. */
  readonly tree: Sourced;
  readonly entries: readonly ClusterTree[];
}

/**
 * Holds the tree, and what each entry of `clusters` makes of it, against the schema.
 * @param found problems that are known already; the schema's opinion on the same paths would only confuse
 * @throws ConfigError with every problem, each once
 */
export function checkConfig(
  written: Sourced,
  keys: readonly ConfigKey[],
  base: PathBase,
  found: readonly ConfigProblem[],
): CheckedConfig {
  const tree = resolvePaths(written, keys, base);
  const shared = parse({ tree, keys, nameOf: dotted });
  const entries = clusterTrees(tree).map(({ index, own, whole }) => ({
    index,
    own: resolvePaths(own, keys, base),
    whole: resolvePaths(whole, keys, base),
  }));
  const each = entries.map((entry) =>
    parse({ tree: entry.whole, keys, nameOf: (path) => dotted(pathInEntry(entry, path)) }),
  );
  const known = new Set(found.map(({ path }) => path));
  const ofSchema = [shared, ...each].flatMap(({ problems }) => problems).filter(({ path }) => !known.has(path));
  const problems = withoutRepeats([...found, ...ofSchema]);
  const { config } = shared;
  if (config === undefined || problems.length > 0) throw new ConfigError("invalid", hideSecrets(problems, tree, keys));
  const clusters = each.flatMap((parsed) => parsed.config ?? []);
  return { config, clusters: clusters.length === 0 ? [config] : clusters, tree, entries };
}

interface Parsed {
  readonly config: Config | undefined;
  readonly problems: readonly ConfigProblem[];
}

function parse(checked: Checked): Parsed {
  const parsed = configSchema.safeParse(plain(checked.tree));
  if (!parsed.success) return { config: undefined, problems: problemsOf(parsed.error.issues, checked) };
  return { config: deepFreeze(parsed.data) as Config, problems: [] };
}

// What is wrong in a shared section is wrong in every cluster's.
function withoutRepeats(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Secret) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
