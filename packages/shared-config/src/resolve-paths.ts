import { dirname, resolve } from "node:path";
import { type ConfigKey, keysAt } from "./keys.ts";
import type { KeyPath, Origin, Sourced, SourcedLeaf } from "./sourced.ts";

/** Where relative paths count from. */
export interface PathBase {
  readonly cwd: string;
  /** What `~/` stands for; left as it is when unknown. */
  readonly home: string | undefined;
}

/** Makes the values of path keys absolute: in a file they count from that file, in a folder from that folder, elsewhere from the working directory. */
export function resolvePaths(tree: Sourced, keys: readonly ConfigKey[], base: PathBase): Sourced {
  function walk(node: Sourced, path: KeyPath): Sourced {
    if (node.kind === "leaf") return resolveLeaf(node, path);
    if (node.kind === "list") {
      return { ...node, items: node.items.map((item) => (item.kind === "leaf" ? resolveLeaf(item, path) : item)) };
    }
    return { ...node, entries: new Map([...node.entries].map(([key, value]) => [key, walk(value, [...path, key])])) };
  }

  function resolveLeaf(leaf: SourcedLeaf, path: KeyPath): SourcedLeaf {
    const [rule] = keysAt(keys, path).flatMap(({ node }) => node["x-path"] ?? node.items?.["x-path"] ?? []);
    if (rule === undefined || typeof leaf.value !== "string" || leaf.value === "") return leaf;
    // A repository's URL is a path only when it looks like one.
    if (rule === "dotted" && !/^(\.{1,2}|~)(\/|$)/.test(leaf.value)) return leaf;
    return { ...leaf, value: resolve(folderOf(leaf.origin, base.cwd), atHome(leaf.value, base.home)) };
  }

  return walk(tree, []);
}

function folderOf(origin: Origin, cwd: string): string {
  if (origin.kind === "folder") return resolve(cwd, origin.folder);
  return origin.kind === "file" ? dirname(resolve(cwd, origin.file)) : cwd;
}

function atHome(path: string, home: string | undefined): string {
  return home !== undefined && path.startsWith("~/") ? resolve(home, path.slice(2)) : path;
}
