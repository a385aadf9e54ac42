import type { Content } from "./content.ts";
import { type GitRef, refId } from "./git-ref.ts";

/** An object with the file content that each source gives it, and what the configuration makes of that. */
export interface CatalogEntry extends EnvironmentChanges {
  readonly ref: GitRef;
  /** By source: "crc.testing/wrl62". */
  readonly contents: ReadonlyMap<string, Content>;
}

/** How an object differs from its source in some environments. */
interface EnvironmentChanges {
  /** By environment: only those whose content is another than their source's. */
  readonly variants: ReadonlyMap<string, Content>;
  /** Environments that must not get the object although their source has it. */
  readonly leftOutOf: ReadonlySet<string>;
}

/**
 * What the sources give a repository, folder by folder: one line of index an object, the bytes are in the spool.
 * A folder is "namespaces/<namespace>" or "cluster".
 */
export interface Catalog {
  /** @param changes of the environments that are made from this source */
  add(folder: string, source: string, ref: GitRef, content: Content, changes?: Partial<EnvironmentChanges>): void;
  /** Whether a source or an environment gave the object this content: digest of its file. */
  holds(folder: string, ref: GitRef, sha256: string): boolean;
  /** The folder's objects by `refId`; empty for a folder without any. */
  folder(folder: string): ReadonlyMap<string, CatalogEntry>;
  /** In order of their names. */
  folders(): readonly string[];
}

/** What an environment gets of an object: its variant, else what its source has; undefined for nothing. */
export function contentIn(
  { contents, variants, leftOutOf }: CatalogEntry,
  environment: { readonly name: string; readonly source: string },
): Content | undefined {
  if (leftOutOf.has(environment.name)) return undefined;
  return variants.get(environment.name) ?? contents.get(environment.source);
}

/** An empty catalogue. */
export function createCatalog(): Catalog {
  const folders = new Map<string, Map<string, GrowingEntry>>();
  return {
    add(folder, source, ref, content, { variants = [], leftOutOf = [] } = {}) {
      const entries = folders.get(folder) ?? new Map<string, GrowingEntry>();
      folders.set(folder, entries);
      const id = refId(ref);
      const entry = entries.get(id) ?? emptyEntry(ref);
      entries.set(id, entry);
      entry.contents.set(source, content);
      for (const [environment, variant] of variants) entry.variants.set(environment, variant);
      for (const environment of leftOutOf) entry.leftOutOf.add(environment);
    },
    holds(folder, ref, sha256) {
      const entry = folders.get(folder)?.get(refId(ref));
      return entry !== undefined && [...entry.contents.values(), ...entry.variants.values()].some(hasDigest(sha256));
    },
    folder: (folder) => folders.get(folder) ?? new Map(),
    folders: () => [...folders.keys()].sort(),
  };
}

interface GrowingEntry extends CatalogEntry {
  readonly contents: Map<string, Content>;
  readonly variants: Map<string, Content>;
  readonly leftOutOf: Set<string>;
}

function hasDigest(sha256: string): (content: Content) => boolean {
  return (content) => content.sha256 === sha256;
}

function emptyEntry(ref: GitRef): GrowingEntry {
  return { ref, contents: new Map(), variants: new Map(), leftOutOf: new Set() };
}

/** The folder of everything that has no namespace. */
export const CLUSTER_FOLDER = "cluster";

/** The folder of project and roots. */
export const ARGOCD_FOLDER = "argocd";

/** The folder of a namespace. */
export function namespaceFolder(namespace: string): string {
  return `namespaces/${namespace}`;
}

/** The namespace that a folder is for; undefined for any other folder. */
export function namespaceOf(folder: string): string | undefined {
  return /^namespaces\/([^/]+)$/.exec(folder)?.[1];
}
