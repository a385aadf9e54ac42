import {
  type ClusterOnly,
  type ClusterRef,
  chainOf,
  type DestinationConfig,
  type EnvironmentConfig,
  type GitOpsConfig,
  type OverrideConfig,
} from "@kubeferry/shared-config";
import { matchesGlob } from "../select/namespace-scope.ts";

/** One place that an environment of a folder is deployed to. */
export interface Place {
  /** Its name among several; undefined when it is the only one. */
  readonly name?: string;
  readonly destination: DestinationConfig;
}

/** Some keys with the place they were written. */
interface Layer {
  /** "gitops.environments.prod", "gitops.overrides.shop.prod". */
  readonly from: string;
  readonly keys: EnvironmentConfig | OverrideConfig;
}

/** What counts for one environment in one folder. */
export interface FolderSettings {
  /** Where Applications deploy it; none: there is no Application. */
  readonly places: readonly Place[];
  /** The clusters it is said to be deployed to. */
  readonly clusters: readonly ClusterRef[];
  /** True when every place says which cluster it is, and there is one. */
  readonly clustersKnown: boolean;
  readonly autoSync: boolean;
  readonly prune: boolean;
  readonly selfHeal: boolean;
  readonly syncOptions: readonly string[];
  /** Weakest first: what a later one says of a key counts. */
  readonly layers: readonly Layer[];
}

/** Answers what counts for an environment in a folder; `namespace` is undefined for what has none. */
export type SettingsOf = (namespace: string | undefined, environment: string) => FolderSettings;

/** Reads the configured environments and overrides. */
export function createSettings(gitops: GitOpsConfig): SettingsOf {
  const known = new Map<string, FolderSettings>();
  return (namespace, environment) => {
    const key = `${environment} ${namespace ?? ""}`;
    const settings = known.get(key) ?? settingsOf(layersOf(namespace, environment, gitops));
    known.set(key, settings);
    return settings;
  };
}

function layersOf(namespace: string | undefined, environment: string, gitops: GitOpsConfig): readonly Layer[] {
  const chain = chainOf(environment, gitops.environments)
    .map(([name, keys]): Layer => ({ from: `gitops.environments.${name}`, keys }))
    .reverse();
  if (namespace === undefined) return chain;
  const byNamespace = mostSpecificLast(gitops.overrides, namespace);
  const own = byNamespace.flatMap(([glob, byEnvironment]) =>
    mostSpecificLast(byEnvironment, environment).map(
      ([each, keys]): Layer => ({ from: `gitops.overrides.${glob}.${each}`, keys }),
    ),
  );
  return [...chain, ...own];
}

/** The entries that fit a name: globs in their order, then the name itself. */
function mostSpecificLast<Value>(entries: Readonly<Record<string, Value>>, name: string): readonly [string, Value][] {
  const fitting = Object.entries(entries).filter(([glob]) => glob === name || matchesGlob(name, glob));
  return [...fitting.filter(([glob]) => glob !== name), ...fitting.filter(([glob]) => glob === name)];
}

function settingsOf(layers: readonly Layer[]): FolderSettings {
  const destinations = destinationsOf(layers);
  const clusters = destinations.flatMap(([, { cluster }]) => cluster ?? []);
  return {
    places: destinations.flatMap(([name, destination]) => {
      if (!isAddress(destination)) return [];
      return [destinations.length === 1 ? { destination } : { name, destination }];
    }),
    clusters,
    clustersKnown: destinations.length > 0 && clusters.length === destinations.length,
    autoSync: last(layers, "autoSync") ?? false,
    prune: last(layers, "prune") ?? false,
    selfHeal: last(layers, "selfHeal") ?? false,
    syncOptions: last(layers, "syncOptions") ?? [],
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

function last<Key extends keyof OverrideConfig>(layers: readonly Layer[], key: Key): OverrideConfig[Key] | undefined {
  return layers.findLast(({ keys }) => keys[key] !== undefined)?.keys[key];
}
