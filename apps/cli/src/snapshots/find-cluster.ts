import { type Call, clusterPath, KubeferryError } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import type { Config } from "@kubeferry/shared-config";
import {
  clusterRoot,
  clustersIn,
  createProtection,
  openSeries,
  type Protection,
  type SnapshotSeries,
} from "@kubeferry/snapshot";

/** "unknown-cluster": it cannot be told whose snapshots are meant. */
class ClusterChoiceError extends KubeferryError<"unknown-cluster"> {}

/** One cluster's snapshots in the store. */
export interface ClusterSnapshots {
  /** "crc.testing/wrl62" */
  readonly cluster: string;
  readonly named: { readonly domain: string; readonly name: string };
  readonly root: ObjectStore;
  readonly series: SnapshotSeries;
  readonly protection: Protection;
}

/** Opens the snapshots of the cluster that is named, configured, or the only one in the store. */
export async function findCluster(
  config: Config,
  store: ObjectStore,
  wanted: string | undefined,
  call: Call,
): Promise<ClusterSnapshots> {
  const cluster = wanted ?? configured(config) ?? (await onlyOne(config, store, call));
  const slash = cluster.indexOf("/");
  const named = { domain: cluster.slice(0, slash), name: cluster.slice(slash + 1) };
  const root = prefixed(store, clusterRoot(config.layout.root, named));
  const protection = await createProtection(config);
  const series = openSeries(root, config.backup.series, { ...protection, cluster: named });
  return { cluster, named, root, series, protection };
}

function configured({ cluster }: Config): string | undefined {
  return cluster.name === undefined || cluster.domain === undefined ? undefined : `${cluster.domain}/${cluster.name}`;
}

async function onlyOne(config: Config, store: ObjectStore, call: Call): Promise<string> {
  const found: string[] = [];
  for await (const cluster of clustersIn(store, config.layout.root, call)) found.push(clusterPath(cluster));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new ClusterChoiceError({
    kind: "unknown-cluster",
    who: "snapshots",
    operation: `choose a cluster in ${store.description}`,
    problem: found.length === 0 ? "there is no cluster in it" : `there are several: ${found.join(", ")}`,
    next: found.length === 0 ? "run `kubeferry backup` first" : "name one: --cluster <domain>/<name>",
  });
}
