import { type ClusterTree, pathInEntry } from "./clusters.ts";
import { type ConfigKey, isSecretKey, keysAt } from "./keys.ts";
import type { Config } from "./schema/config.ts";
import { dotted, type KeyPath, nodeAt, originText, plain, type Sourced } from "./sourced.ts";

/** What is shown instead of a secret. */
const HIDDEN = "***";

/** One value of the configuration, as it holds. */
export interface Setting {
  /** "store.bucket", "clusters[0].kubernetes.context" */
  readonly key: string;
  /** The steps of the key; names that people chose may hold dots. */
  readonly path: KeyPath;
  /** As it is written in files: durations and sizes with their units. A secret is `***`. */
  readonly value: unknown;
  /** "kubeferry.yaml:4", "folder …/minio-bucket", "environment variable …", "flag …"; "default" where it was not written. */
  readonly origin: string;
}

/** Every value in the order of the schema, defaults included, then what entries of `clusters` say themselves. */
export function settingsOf(
  config: Config,
  tree: Sourced,
  entries: readonly ClusterTree[],
  keys: readonly ConfigKey[],
): readonly Setting[] {
  const shared = keys
    .filter(({ section, steps }) => !section && steps[0] !== "clusters")
    .flatMap((key) => pathsOf(key, tree, config).flatMap((path) => settingAt(path, key, tree, config)));
  return [...shared, ...entries.flatMap((entry) => ownSettings(entry, keys))];
}

/** The paths of a key: one, or one for each name or place in a list that is there. */
function pathsOf(key: ConfigKey, tree: Sourced, config: Config): readonly KeyPath[] {
  return key.steps.reduce<readonly KeyPath[]>(
    (paths, step) => paths.flatMap((path) => next(path, step, tree, config)),
    [[]],
  );
}

function next(path: KeyPath, step: string, tree: Sourced, config: Config): readonly KeyPath[] {
  if (step === "*") return Object.keys(Object(valueAt(config, path))).map((name) => [...path, name]);
  if (step !== "[]") return [[...path, step]];
  const list = nodeAt(tree, path);
  return list?.kind === "list" ? list.items.map((_, index) => [...path, index]) : [];
}

function settingAt(path: KeyPath, key: ConfigKey, tree: Sourced, config: Config): readonly Setting[] {
  const section = path.slice(0, -1);
  const parent = valueAt(config, section);
  const type = valueAt(config, [...section, "type"]);
  if (parent === undefined || (key.variant !== undefined && key.variant !== type)) return [];
  const node = nodeAt(tree, path);
  if (node !== undefined && !isNothing(node)) return [written(path, node, key)];
  const value = key.node.default ?? derived(valueAt(config, path));
  return value === undefined ? [] : [{ key: dotted(path), path, value, origin: "default" }];
}

// A default that follows from other keys is only in the result.
function derived(value: unknown): unknown {
  return typeof value === "object" ? undefined : value;
}

function ownSettings(entry: ClusterTree, keys: readonly ConfigKey[]): readonly Setting[] {
  return leavesOf(entry.own, []).map(({ path, node }) => {
    const [key] = keysAt(keys, path);
    return written(pathInEntry(entry, path), node, key);
  });
}

// A list is one value.
function leavesOf(node: Sourced, path: KeyPath): readonly { readonly path: KeyPath; readonly node: Sourced }[] {
  if (node.kind !== "map") return isNothing(node) ? [] : [{ path, node }];
  return [...node.entries].flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

function written(path: KeyPath, node: Sourced, of: ConfigKey | undefined): Setting {
  return { key: dotted(path), path, value: shownValue(node, of), origin: originText(node.origin) };
}

function shownValue(node: Sourced, key: ConfigKey | undefined): unknown {
  const secret = key !== undefined && isSecretKey(key);
  if (secret) return node.kind === "list" ? node.items.map(() => HIDDEN) : HIDDEN;
  const value = plain(node);
  if (typeof value !== "string") return value;
  // Variables and flags are texts; shown as the schema reads them.
  if (key?.node.type === "integer" && /^-?\d+$/.test(value)) return Number(value);
  if (key?.node.type === "boolean") return /^(true|1)$/i.test(value);
  return value;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((inside, step) => (Object(inside) as Record<string | number, unknown>)[step], value);
}

function isNothing(node: Sourced): boolean {
  return node.kind === "leaf" && node.value === null;
}
