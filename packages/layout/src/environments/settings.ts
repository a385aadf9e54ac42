import { clusterPath } from "@kubeferry/model";
import type {
  ClusterOnly,
  ClusterRef,
  DestinationConfig,
  GitOpsConfig,
  OverrideConfig,
  SyncWindowConfig,
} from "@kubeferry/shared-config";
import type { KnownClusters } from "./known-clusters.ts";
import { type Layer, layersOf } from "./layers.ts";
import { mappedNamespace } from "./mapped-namespace.ts";

/** One place that an environment of a folder is deployed to. */
export interface Place {
  /** Its name among several; undefined when it is the only one. */
  readonly name?: string;
  readonly destination: DestinationConfig;
}

/** What counts for one environment in one folder. */
export interface FolderSettings {
  /** Where Applications deploy it; none: there is no Application. */
  readonly places: readonly Place[];
  /** The clusters it is said to be deployed to. */
  readonly clusters: readonly ClusterRef[];
  /** The namespace that the folder's objects are in where it is deployed; undefined for what has none. */
  readonly namespace: string | undefined;
  /** Whether it takes overrides: only where every place is known to be another cluster than its source. */
  readonly overridden: boolean;
  /** Why it takes none; undefined where it does. */
  readonly reason: string | undefined;
  readonly autoSync: boolean;
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly syncOptions: readonly string[];
  /** When Argo CD may sync; always, without any. */
  readonly syncWindows: readonly SyncWindowConfig[];
  /** Weakest first: what a later one says of a key counts. */
  readonly layers: readonly Layer[];
}

/** Answers what counts for an environment in a folder; `namespace` is undefined for what has none. */
export type SettingsOf = (namespace: string | undefined, environment: string) => FolderSettings;

/** Reads the configured environments and overrides. */
export function createSettings(gitops: Written, clusters: KnownClusters): SettingsOf {
  const known = new Map<string, FolderSettings>();
  return (namespace, environment) => {
    const key = `${environment} ${namespace ?? ""}`;
    const settings = known.get(key) ?? settingsOf({ namespace, environment }, gitops, clusters);
    known.set(key, settings);
    return settings;
  };
}

type Written = Pick<GitOpsConfig, "environments" | "overrides">;

interface Asked {
  readonly namespace: string | undefined;
  readonly environment: string;
}

function settingsOf(asked: Asked, gitops: Written, clusters: KnownClusters): FolderSettings {
  const layers = layersOf(asked.namespace, asked.environment, gitops);
  const destinations = destinationsOf(layers);
  const reason = reasonAgainstOverrides(
    destinations.map(([, { cluster }]) => cluster),
    asked.environment,
    clusters,
  );
  return {
    places: destinations.flatMap(([name, destination]) => {
      if (!isAddress(destination)) return [];
      return [destinations.length === 1 ? { destination } : { name, destination }];
    }),
    clusters: destinations.flatMap(([, { cluster }]) => cluster ?? []),
    namespace: reason === undefined ? mappedNamespace(asked.namespace, layers) : asked.namespace,
    overridden: reason === undefined,
    reason,
    autoSync: last(layers, "autoSync") ?? false,
    prune: last(layers, "prune") ?? false,
    selfHeal: last(layers, "selfHeal") ?? false,
    syncOptions: last(layers, "syncOptions") ?? [],
    syncWindows: syncWindowsOf(layers),
    layers,
  };
}

/** The last layer that says where counts, whether it names one place or several. */
function destinationsOf(layers: readonly Layer[]): readonly (readonly [string, DestinationConfig | ClusterOnly])[] {
  for (const { keys } of [...layers].reverse()) {
    if (keys.destination !== undefined) return [["", keys.destination]];
    if ("destinations" in keys && keys.destinations !== undefined) return Object.entries(keys.destinations);
  }
  return [];
}

function isAddress(destination: DestinationConfig | ClusterOnly): destination is DestinationConfig {
  return "server" in destination || "name" in destination;
}

const SAY_WHERE = "destination: { cluster: <domain>/<name> } says which other cluster it is deployed to";

/** Merging must change nothing in the cluster that the objects come from: whatever could be that one takes no override. */
function reasonAgainstOverrides(
  destinations: readonly (ClusterRef | undefined)[],
  environment: string,
  clusters: KnownClusters,
): string | undefined {
  if (destinations.length === 0) return `it has no destination, so it counts as its source cluster; ${SAY_WHERE}`;
  const source = clusters.sourceOf(environment);
  if (source === undefined) return "nobody knows which cluster it is made from";
  for (const cluster of destinations) {
    if (cluster === undefined) {
      return `its destination does not say which cluster that is, so it counts as its source cluster; ${SAY_WHERE}`;
    }
    const name = clusterPath(cluster);
    if (name === source.id) return `${name}, which it is deployed to, is its source cluster`;
    const uid = clusters.uidOf(cluster);
    if (uid !== undefined && uid === source.uid) {
      return `${name}, which it is deployed to, is its source cluster ${source.id} under another name (kube-system ${uid})`;
    }
  }
  return undefined;
}

/** Only environments have windows: the nearest of the chain counts. */
function syncWindowsOf(layers: readonly Layer[]): readonly SyncWindowConfig[] {
  const keys = layers.flatMap((layer) => ("syncWindows" in layer.keys ? [layer.keys] : []));
  return keys.findLast(({ syncWindows }) => syncWindows !== undefined)?.syncWindows ?? [];
}

function last<Key extends keyof OverrideConfig>(layers: readonly Layer[], key: Key): OverrideConfig[Key] | undefined {
  return layers.findLast(({ keys }) => keys[key] !== undefined)?.keys[key];
}
