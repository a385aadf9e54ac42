import { clusterKeys } from "./schema/cluster.ts";
import { OVERLAID_SECTIONS } from "./schema/clusters.ts";
import { type KeyPath, merge, nodeAt, type Sourced } from "./sourced.ts";

/** One entry of `clusters`, and the configuration it makes of the rest. */
export interface ClusterTree {
  readonly index: number;
  /** What the entry itself says, under the keys of the sections it is laid over. */
  readonly own: Sourced;
  /** All else with that laid over it; without `clusters`. */
  readonly whole: Sourced;
}

/** The whole configuration of each entry of `clusters`; none without that list. Entries that are no section are passed over. */
export function clusterTrees(tree: Sourced): readonly ClusterTree[] {
  const list = nodeAt(tree, ["clusters"]);
  if (tree.kind !== "map" || list?.kind !== "list") return [];
  const rest = { ...tree, entries: new Map([...tree.entries].filter(([key]) => key !== "clusters")) };
  return list.items.flatMap((entry, index) => {
    const own = ownTree(entry);
    return own === undefined ? [] : [{ index, own, whole: merge(rest, own) ?? own }];
  });
}

function ownTree(entry: Sourced): Sourced | undefined {
  if (entry.kind !== "map") return undefined;
  const of = (names: readonly string[]) => [...entry.entries].filter(([key]) => names.includes(key));
  const cluster: Sourced = { kind: "map", origin: entry.origin, entries: new Map(of(Object.keys(clusterKeys))) };
  return { ...entry, entries: new Map([["cluster", cluster], ...of(OVERLAID_SECTIONS)]) };
}

/** The path of a value of the whole as it was written: in the entry where that wrote it, "clusters[1].kubernetes.pageSize". */
export function pathInEntry({ index, own, whole }: ClusterTree, path: KeyPath): KeyPath {
  const [section, ...rest] = path;
  const missingHere = nodeAt(whole, path) === undefined && nodeAt(own, path.slice(0, 1)) !== undefined;
  if (nodeAt(own, path) === undefined && !missingHere) return path;
  return ["clusters", index, ...(section === "cluster" ? rest : path)];
}
