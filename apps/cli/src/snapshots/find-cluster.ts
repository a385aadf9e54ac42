import { type Call, clusterPath } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
import {
  clusterRoot,
  clustersCalled,
  createProtection,
  type KnownOfCluster,
  openSeries,
  type Protection,
  type SnapshotSeries,
} from "@kubeferry/snapshot";
import { ClusterChoiceError } from "../compose/cluster-choice-error.ts";

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

function parse(wanted: string, { cluster }: Config): KnownOfCluster {
  const slash = wanted.indexOf("/");
  if (slash >= 0) return { domain: wanted.slice(0, slash), name: wanted.slice(slash + 1) };
  return { domain: wanted === cluster.name ? cluster.domain : undefined, name: wanted };
}

async function onlyOne(known: KnownOfCluster, config: Config, store: ObjectStore, call: Call): Promise<ClusterRef> {
  const found = await clustersCalled(known, store, config.layout.root, call);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const called = known.name === undefined ? "" : ` called ${known.name}`;
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
