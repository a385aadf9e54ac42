import { type Call, clusterPath, KubeferryError } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
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

/**
 * Opens the snapshots of the cluster that is named, else of the configured one. What is left out of its name is looked
 * for in the store: the only one there that agrees with the rest is meant.
 * @param wanted "<domain>/<name>" or "<name>"
 * @throws KubeferryError "unknown-cluster" when none or several could be meant
 */
export async function findCluster(
  config: Config,
  store: ObjectStore,
  wanted: string | undefined,
  call: Call,
): Promise<ClusterSnapshots> {
  const { domain, name } = wanted === undefined ? config.cluster : parse(wanted, config);
  const found =
    domain !== undefined && name !== undefined
      ? { domain, name }
      : await onlyOne({ domain, name }, config, store, call);
  const root = prefixed(store, clusterRoot(config.layout.root, found));
  const protection = await createProtection(config);
  const series = openSeries(root, config.backup.series, { ...protection, cluster: found });
  return { cluster: clusterPath(found), named: found, root, series, protection };
}

interface Known {
  readonly domain?: string | undefined;
  readonly name?: string | undefined;
}

function parse(wanted: string, { cluster }: Config): Known {
  const slash = wanted.indexOf("/");
  if (slash >= 0) return { domain: wanted.slice(0, slash), name: wanted.slice(slash + 1) };
  return { domain: wanted === cluster.name ? cluster.domain : undefined, name: wanted };
}

async function onlyOne({ domain, name }: Known, config: Config, store: ObjectStore, call: Call): Promise<ClusterRef> {
  const found: ClusterRef[] = [];
  for await (const cluster of clustersIn(store, config.layout.root, call)) {
    if ((name ?? cluster.name) === cluster.name && (domain ?? cluster.domain) === cluster.domain) found.push(cluster);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const called = name === undefined ? "" : ` called ${name}`;
  throw new ClusterChoiceError({
    kind: "unknown-cluster",
    who: "snapshots",
    operation: `choose a cluster in ${store.description}`,
    problem:
      found.length === 0
        ? `there is no cluster${called} in it`
        : `there are several: ${found.map(clusterPath).join(", ")}`,
    next: found.length === 0 ? "run `kubeferry backup` first" : "name one: --cluster <domain>/<name>",
  });
}
