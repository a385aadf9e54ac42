import type { KeyPath, Sourced } from "./sourced.ts";

/** Sections that may be written as one value, and the key that the value is then of; "*" is any name. */
const SHORTHANDS: readonly { readonly section: readonly string[]; readonly key: string }[] = [
  { section: ["backup", "mirror"], key: "enabled" },
  { section: ["retention"], key: "within" },
  { section: ["retention", "byEnvironment", "*"], key: "within" },
];

/** Writes them out, so that another source can lay single keys over them: `mirror: false` is `mirror: { enabled: false }`. */
export function writeOutShorthands(tree: Sourced): Sourced {
  return walk(tree, []);
}

function walk(node: Sourced, path: KeyPath): Sourced {
  if (node.kind === "list") {
    // What stands in an entry of `clusters` is written as at the top.
    const items = path.length === 1 && path[0] === "clusters" ? node.items.map((item) => walk(item, [])) : node.items;
    return { ...node, items };
  }
  if (node.kind === "map") {
    return { ...node, entries: new Map([...node.entries].map(([key, value]) => [key, walk(value, [...path, key])])) };
  }
  const key = keyOfShort(path, node);
  return key === undefined ? node : { kind: "map", origin: node.origin, entries: new Map([[key, node]]) };
}

/** The key that a value at that path is short for, if it is. */
export function keyOfShort(path: KeyPath, node: Sourced): string | undefined {
  if (node.kind !== "leaf" || node.value === null) return undefined;
  return SHORTHANDS.find(({ section }) => isAt(section, path))?.key;
}

function isAt(section: readonly string[], path: KeyPath): boolean {
  return section.length === path.length && section.every((step, index) => step === "*" || step === path[index]);
}
