import { clusterPath } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { ClusterChoiceError } from "./cluster-choice-error.ts";

/**
 * The clusters a command is about.
 * @param configured one whole configuration for each
 * @param wanted names, or "domain/name"; empty: all
 * @throws KubeferryError "unknown-cluster"
 */
export function pickClusters(configured: readonly Config[], wanted: readonly string[]): readonly Config[] {
  if (wanted.length === 0) return configured;
  for (const name of wanted) {
    if (!configured.some((config) => isCalled(config, name))) throw unknown(name, configured);
  }
  return configured.filter((config) => wanted.some((name) => isCalled(config, name)));
}

/**
 * The configuration of the one cluster that a command is about: its store, its retention, its keys.
 * @param wanted "<name>" or "<domain>/<name>"; one that no entry of `clusters` is called may still lie in the shared store
 * @throws KubeferryError "unknown-cluster" when nothing is asked for and several are configured
 */
export function configOfOne(
  { config, clusters }: { readonly config: Config; readonly clusters: readonly Config[] },
  wanted: string | undefined,
): Config {
  const [only, ...others] = clusters;
  if (only !== undefined && others.length === 0) return only;
  if (wanted !== undefined) return clusters.find((each) => couldBe(each, wanted)) ?? config;
  throw new ClusterChoiceError({
    kind: "unknown-cluster",
    who: "kubeferry",
    operation: "choose a cluster",
    problem: `several are configured: ${clusters.map(clusterLabel).join(", ")}`,
    next: "name one: --cluster <name>",
  });
}

/** "crc.testing/wrl62", or as much of it as is configured. */
export function clusterLabel({ cluster: { domain, name } }: Config): string {
  if (name === undefined) return domain ?? "";
  return domain === undefined ? name : clusterPath({ domain, name });
}

function isCalled(config: Config, name: string): boolean {
  return name === config.cluster.name || name === clusterLabel(config);
}

// A domain that is left to be identified can be any.
function couldBe(config: Config, name: string): boolean {
  const { cluster } = config;
  return isCalled(config, name) || (cluster.domain === undefined && name.endsWith(`/${cluster.name}`));
}

function unknown(name: string, configured: readonly Config[]): ClusterChoiceError {
  const names = configured.map(clusterLabel).filter((label) => label !== "");
  return new ClusterChoiceError({
    kind: "unknown-cluster",
    who: "kubeferry",
    operation: `--cluster ${name}`,
    problem: "no configured cluster is called so",
    next: names.length === 0 ? "name clusters in `clusters`" : `there are ${names.join(", ")}`,
  });
}
