import { checkConfig } from "./check-config.ts";
import { unresolvedIn } from "./expand.ts";
import { configKeys } from "./keys.ts";
import { noticesOf, type OldName, oldNamesOf } from "./old-name-report.ts";
import { type ConfigSources, readSources } from "./read-sources.ts";
import type { Config } from "./schema/config.ts";
import { type Setting, settingsOf } from "./settings.ts";
import { warningsOfAll } from "./warnings.ts";

/** A configuration that can be used, and what should be said aloud once before it is. */
export interface LoadedConfig {
  /** Deeply frozen. */
  readonly config: Config;
  /** One whole configuration for each entry of `clusters`, with what the entry says laid over the rest; without entries, `config` alone. */
  readonly clusters: readonly Config[];
  /** What is allowed and not safe, or was left to its default although safety depends on it. One sentence each; no secrets. */
  readonly warnings: readonly string[];
  /** Old names that this version has no use for, and why. One sentence for each reason; no values. */
  readonly notices: readonly string[];
  /** Every value, and where it was written. */
  readonly settings: readonly Setting[];
  /** What became of every old name that was written. */
  readonly oldNames: readonly OldName[];
}

/**
 * Reads, joins and checks all sources.
 * @throws ConfigError "missing" when nothing is configured, "invalid" with every problem found; no value of a secret key is in it
 */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const cwd = sources.cwd ?? process.cwd();
  const keys = configKeys();
  const written = await readSources(sources, cwd, keys);
  const problems = [...written.problems, ...unresolvedIn(written.tree)];
  const { config, clusters, tree, entries } = checkConfig(
    written.tree,
    keys,
    { cwd, home: sources.env.HOME },
    problems,
  );
  return {
    config,
    clusters,
    warnings: [...noticesOf(written.uses, "warning"), ...warningsOfAll({ config, clusters, tree, entries })],
    notices: noticesOf(written.uses, "notice"),
    settings: settingsOf(config, tree, entries, keys),
    oldNames: oldNamesOf(written.uses),
  };
}
