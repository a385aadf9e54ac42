import {
  applicationPath,
  type Catalog,
  type Environment,
  type FolderPlan,
  type FolderSettings,
  isNeverPruned,
  namespaceOf,
  type Place,
  type Plan,
  prunes,
  type RepositoryShape,
  refTitle,
  type SettingsOf,
} from "@kubeferry/layout";
import { clusterPath } from "@kubeferry/model";
import { changesIn, type ObjectChanges } from "./object-changes.ts";

/** What is known of the cluster that a place is. */
type PlaceKind = "source" | "source-earlier" | "taken-for-source" | "elsewhere";

/** Folders that one environment deploys to one place in the same way. */
export interface DeploymentGroup {
  readonly environment: string;
  readonly place: Place;
  readonly kind: PlaceKind;
  /** The earlier time that the environment is made from. */
  readonly at: string | undefined;
  readonly autoSync: boolean;
  /** True when the environment deploys other folders elsewhere or otherwise. */
  readonly partial: boolean;
  readonly folders: readonly DeployedChanges[];
}

/** What a plan does to one folder of a group. */
interface DeployedChanges {
  readonly folder: string;
  /** Where its objects are deployed to; undefined for what has no namespace. */
  readonly namespace: string | undefined;
  readonly changes: ObjectChanges;
  /** Removed objects that Argo CD deletes by itself. */
  readonly pruned: readonly string[];
  /** Objects that the configuration makes different from their source's. */
  readonly overridden: number;
}

/** What groups are made of. */
export interface GroupFacts {
  readonly plan: Plan;
  readonly catalog: Pick<Catalog, "folder">;
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly shape: RepositoryShape;
}

/** Everything that Applications deploy out of what was planned, environment by environment. */
export function deploymentGroups(facts: GroupFacts): readonly DeploymentGroup[] {
  return facts.environments.flatMap((environment) => {
    const groups = new Map<string, { -readonly [Key in keyof DeploymentGroup]: DeploymentGroup[Key] }>();
    for (const each of facts.plan.folders) {
      const settings = facts.settingsOf(namespaceOf(each.folder), environment.name);
      for (const place of settings.places) {
        if (each.wanted?.has(applicationPath(environment.name, place.name)) !== true) continue;
        const { autoSync, prune } = settings;
        const key = JSON.stringify([place, autoSync, prune]);
        const group = groups.get(key) ?? {
          environment: environment.name,
          place,
          kind: kindOf(place, environment),
          at: environment.earlier?.at,
          autoSync,
          partial: false,
          folders: [],
        };
        groups.set(key, { ...group, folders: [...group.folders, deployed(each, environment, settings, facts)] });
      }
    }
    const places = new Set([...groups.values()].map(({ place }) => place.name));
    return [...groups.values()].map((group) => ({ ...group, partial: groups.size > places.size }));
  });
}

function kindOf({ destination }: Place, { source, earlier }: Environment): PlaceKind {
  if (earlier !== undefined) {
    const { cluster } = destination;
    return cluster === undefined || clusterPath(cluster) === earlier.cluster ? "source-earlier" : "elsewhere";
  }
  if (destination.cluster === undefined) return "taken-for-source";
  return clusterPath(destination.cluster) === source ? "source" : "elsewhere";
}

function deployed(
  { folder, effects }: FolderPlan,
  environment: Environment,
  settings: FolderSettings,
  { catalog }: GroupFacts,
): DeployedChanges {
  const { added, changed, removed } = effects.environments.get(environment.name) ?? NONE;
  const pruned = prunes({ folder, settings }) ? removed.filter((object) => !isNeverPruned(object)).map(refTitle) : [];
  const overridden = overriddenIn(folder, environment, catalog);
  const changes = changesIn({ added, changed, removed });
  return { folder, namespace: settings.namespace, changes, pruned, overridden };
}

const NONE = { added: [], changed: [], removed: [] };

function overriddenIn(folder: string, { name, source }: Environment, catalog: Pick<Catalog, "folder">): number {
  const entries = [...catalog.folder(folder).values()].filter(({ contents }) => contents.has(source));
  return entries.filter(({ contents, variants, leftOutOf }) => {
    const variant = variants.get(name);
    return leftOutOf.has(name) || (variant !== undefined && variant.sha256 !== contents.get(source)?.sha256);
  }).length;
}
