/** Where a value was written. */
export type Origin =
  | { readonly kind: "file"; readonly file: string; readonly line: number }
  | { readonly kind: "folder"; readonly folder: string; readonly name: string }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

/** A tree of values in which every node knows where it was written: what all sources of configuration are turned into. */
export type Sourced = SourcedLeaf | SourcedMap | SourcedList;

/** A scalar. `expanded`: its text came out of `${…}`, so no message shows it. `unresolved`: why a `${…}` in it stands for nothing. */
export interface SourcedLeaf {
  readonly kind: "leaf";
  readonly origin: Origin;
  readonly value: unknown;
  readonly expanded?: boolean;
  readonly unresolved?: string;
}

/** A mapping. */
interface SourcedMap {
  readonly kind: "map";
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, Sourced>;
}

/** A list; a later source replaces it whole, unless it only adds to it. */
interface SourcedList {
  readonly kind: "list";
  readonly origin: Origin;
  readonly items: readonly Sourced[];
  /** Its items come after those of an earlier source. */
  readonly adds?: boolean;
}

/** Keys and list indexes from the root to a value. */
export type KeyPath = readonly (string | number)[];

/**
 * Lays `over` on top of `under`. Mappings are joined key by key, all else is replaced; an empty section (null) says
 * nothing. A section whose `type` changes is another section, so nothing of the earlier one shines through.
 */
export function merge(under: Sourced | undefined, over: Sourced | undefined): Sourced | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  if (under.kind === "map" && over.kind === "leaf" && over.value === null) return under;
  if (under.kind === "list" && over.kind === "list" && over.adds === true) return added(under, over);
  if (under.kind !== "map" || over.kind !== "map" || changesType(under, over)) return over;
  const entries = new Map(under.entries);
  for (const [key, value] of over.entries) entries.set(key, merge(entries.get(key), value) ?? value);
  return { kind: "map", origin: over.origin, entries };
}

function added(under: SourcedList, over: SourcedList): SourcedList {
  const known = new Set(under.items.map((item) => JSON.stringify(plain(item))));
  return { ...over, items: [...under.items, ...over.items.filter((item) => !known.has(JSON.stringify(plain(item))))] };
}

function changesType(under: SourcedMap, over: SourcedMap): boolean {
  const [before, after] = [under.entries.get("type"), over.entries.get("type")];
  return before?.kind === "leaf" && after?.kind === "leaf" && before.value !== after.value;
}

/** The tree as plain values, for the schema. */
export function plain(node: Sourced): unknown {
  if (node.kind === "leaf") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
}

/** The node at a path, or undefined where nothing was written. */
export function nodeAt(root: Sourced | undefined, path: KeyPath): Sourced | undefined {
  let node = root;
  for (const step of path) {
    if (node?.kind === "map") node = node.entries.get(String(step));
    else if (node?.kind === "list") node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The node at a path, or the nearest one above it that was written: where a missing key would have to be added. */
export function nearestNode(root: Sourced | undefined, path: KeyPath): Sourced | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return undefined;
}

/** A tree that holds one node at a path. */
export function branch(path: readonly string[], leaf: Sourced): Sourced {
  return [...path]
    .reverse()
    .reduce<Sourced>((node, step) => ({ kind: "map", origin: leaf.origin, entries: new Map([[step, node]]) }), leaf);
}

/** "gitops.namespaces[0]": a path as people write it. */
export function dotted(path: KeyPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** "kubeferry.yaml:4", "folder /etc/kubeferry/minio-bucket", "environment variable MINIO_BUCKET", "flag store.bucket". */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case "file":
      return `${origin.file}:${origin.line}`;
    case "folder":
      return `folder ${origin.folder}/${origin.name}`;
    case "environment":
      return `environment variable ${origin.variable}`;
    case "flag":
      return `flag ${origin.flag}`;
    default:
      return origin satisfies never;
  }
}
