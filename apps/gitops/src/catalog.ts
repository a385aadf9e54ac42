import type { Content } from "./content.ts";
import { type GitRef, refId } from "./git-ref.ts";

/** An object with the file content that each source gives it. */
export interface CatalogEntry {
  readonly ref: GitRef;
  /** By source: "crc.testing/wrl62". */
  readonly contents: ReadonlyMap<string, Content>;
}

/**
 * What the sources give a repository, folder by folder: one line of index an object, the bytes are in the spool.
 * A folder is "namespaces/<namespace>" or "cluster".
 */
export interface Catalog {
  add(folder: string, source: string, ref: GitRef, content: Content): void;
  /** The folder's objects by `refId`; empty for a folder without any. */
  folder(folder: string): ReadonlyMap<string, CatalogEntry>;
  /** In order of their names. */
  folders(): readonly string[];
}

/** An empty catalogue. */
export function createCatalog(): Catalog {
  const folders = new Map<string, Map<string, { ref: GitRef; contents: Map<string, Content> }>>();
  return {
    add(folder, source, ref, content) {
      const entries = folders.get(folder) ?? new Map<string, { ref: GitRef; contents: Map<string, Content> }>();
      folders.set(folder, entries);
      const entry = entries.get(refId(ref)) ?? { ref, contents: new Map<string, Content>() };
      entries.set(refId(ref), entry);
      entry.contents.set(source, content);
    },
    folder: (folder) => folders.get(folder) ?? new Map(),
    folders: () => [...folders.keys()].sort(),
  };
}

/** The folder of everything that has no namespace. */
export const CLUSTER_FOLDER = "cluster";

/** The folder of a namespace. */
export function namespaceFolder(namespace: string): string {
  return `namespaces/${namespace}`;
}

/** The namespace that a folder is for; undefined for any other folder. */
export function namespaceOf(folder: string): string | undefined {
  return /^namespaces\/([^/]+)$/.exec(folder)?.[1];
}
