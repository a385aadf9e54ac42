import { clusterPath, KubeferryError } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";

/** "unknown-cluster": `--cluster` names none of the configured ones. */
class ClusterChoiceError extends KubeferryError<"unknown-cluster"> {}

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

/** "crc.testing/wrl62", or as much of it as is configured. */
export function clusterLabel({ cluster: { domain, name } }: Config): string {
  if (name === undefined) return domain ?? "";
  return domain === undefined ? name : clusterPath({ domain, name });
}

function isCalled(config: Config, name: string): boolean {
  return name === config.cluster.name || name === clusterLabel(config);
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
