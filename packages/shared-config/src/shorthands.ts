import { type KeyPath, merge, type Sourced } from "./sourced.ts";

/** Sections that may be written as one value, and the key that the value is then of; "*" is any name. */
const SHORTHANDS: readonly { readonly section: readonly string[]; readonly key: string }[] = [
  { section: ["backup", "mirror"], key: "enabled" },
  { section: ["retention"], key: "within" },
  { section: ["retention", "byEnvironment", "*"], key: "within" },
  { section: ["gitops", "environments", "*", "replicas"], key: "*" },
  { section: ["gitops", "overrides", "*", "*", "replicas"], key: "*" },
];

/** Writes them out, so that another source can lay single keys over them: `mirror: false` is `mirror: { enabled: false }`. */
export function writeOutShorthands(tree: Sourced): Sourced {
  return walk(tree, []);
}

function walk(node: Sourced, path: KeyPath): Sourced {
  if (node.kind === "map" && isAt(["gitops"], path))
    return { ...node, entries: entriesOf(namespacesAsList(node), path) };
  if (node.kind === "list") {
    // What stands in an entry of `clusters` is written as at the top.
    const items = path.length === 1 && path[0] === "clusters" ? node.items.map((item) => walk(item, [])) : node.items;
    return { ...node, items };
  }
  if (node.kind === "map") {
    return { ...node, entries: entriesOf(node.entries, path) };
  }
  const key = keyOfShort(path, node);
  return key === undefined ? node : { kind: "map", origin: node.origin, entries: new Map([[key, node]]) };
}

function entriesOf(entries: ReadonlyMap<string, Sourced>, path: KeyPath): ReadonlyMap<string, Sourced> {
  return new Map([...entries].map(([key, value]) => [key, walk(value, [...path, key])]));
}

/** `namespaces` as a section adds its names to the list, and what stands below them is `overrides`. */
function namespacesAsList({ entries }: Extract<Sourced, { kind: "map" }>): ReadonlyMap<string, Sourced> {
  const section = entries.get("namespaces");
  if (section?.kind !== "map") return entries;
  const { origin } = section;
  const names = [...section.entries].map(
    ([name, { origin: at }]): Sourced => ({ kind: "leaf", origin: at, value: name }),
  );
  const list: Sourced = { kind: "list", origin, items: names, adds: true };
  const below: Sourced = { kind: "map", origin, entries: section.entries };
  const overrides = merge(below, entries.get("overrides") ?? { kind: "map", origin, entries: new Map() });
  return new Map([
    ...entries,
    ["namespaces", list],
    ...(overrides === undefined ? [] : [["overrides", overrides] as const]),
  ]);
}

/** The key that a value at that path is short for, if it is. */
export function keyOfShort(path: KeyPath, node: Sourced): string | undefined {
  if (node.kind !== "leaf" || node.value === null) return undefined;
  return SHORTHANDS.find(({ section }) => isAt(section, path))?.key;
}

function isAt(section: readonly string[], path: KeyPath): boolean {
  return section.length === path.length && section.every((step, index) => step === "*" || step === path[index]);
}
