import type { Call } from "@kubeferry/model";
import { type ObjectReader, type ObjectStore, prefixed } from "@kubeferry/object-store";
import { isSeriesName, SNAPSHOTS_PREFIX } from "../keys.ts";
import { openSeries } from "../series.ts";
import type { RootTemplate } from "./cluster-root.ts";

/** A cluster as the store names it. */
export interface StoredCluster {
  readonly domain: string;
  readonly name: string;
}

/** As much as is known of a cluster's name. */
export interface KnownOfCluster {
  readonly domain?: string | undefined;
  readonly name?: string | undefined;
}

/** Those of `clustersIn` that agree with what is known. @throws SnapshotError; StorageError */
export async function clustersCalled(
  { domain, name }: KnownOfCluster,
  store: ObjectStore,
  template: RootTemplate,
  call: Call,
): Promise<StoredCluster[]> {
  const found: StoredCluster[] = [];
  for await (const cluster of clustersIn(store, template, call)) {
    if ((name ?? cluster.name) === cluster.name && (domain ?? cluster.domain) === cluster.domain) found.push(cluster);
  }
  return found;
}

/**
 * Every cluster that has snapshots in a store, in order of their folders. Buckets are shared: folders without
 * `_snapshots/` are somebody else's. Where the template has no `{domain}`, the cluster's newest manifest says it.
 * @param store the whole store, from its prefix on
 * @throws SnapshotError of a manifest that is needed for the domain; StorageError
 */
export async function* clustersIn(
  store: ObjectStore,
  template: RootTemplate,
  call: Call,
): AsyncIterable<StoredCluster> {
  for await (const found of foldersOf(store, template.split("/"), "", {}, call)) {
    const { name, domain } = found.parts;
    if (name === undefined || !(await hasSnapshots(store, `${found.root}${SNAPSHOTS_PREFIX}`, call))) continue;
    const known = domain ?? (await domainOf(store, found.root, call));
    if (known !== undefined) yield { domain: known, name };
  }
}

interface Parts {
  readonly domain?: string;
  readonly name?: string;
}

async function* foldersOf(
  store: ObjectReader,
  [step, ...rest]: readonly string[],
  root: string,
  parts: Parts,
  call: Call,
): AsyncIterable<{ readonly root: string; readonly parts: Parts }> {
  if (step === undefined) return yield { root, parts };
  if (step !== "{domain}" && step !== "{cluster}") return yield* foldersOf(store, rest, `${root}${step}/`, parts, call);
  for await (const folder of foldersBelow(store, root, call)) {
    const known = step === "{domain}" ? { ...parts, domain: folder } : { ...parts, name: folder };
    yield* foldersOf(store, rest, `${root}${folder}/`, known, call);
  }
}

async function* foldersBelow(store: ObjectReader, prefix: string, call: Call): AsyncIterable<string> {
  for await (const entry of store.list(prefix, { delimiter: "/" }, call)) {
    if (entry.type === "prefix") yield entry.prefix.slice(prefix.length, -1);
  }
}

async function hasSnapshots(store: ObjectReader, prefix: string, call: Call): Promise<boolean> {
  for await (const _entry of store.list(prefix, { delimiter: "/" }, call)) return true;
  return false;
}

async function domainOf(store: ObjectStore, root: string, call: Call): Promise<string | undefined> {
  for await (const folder of foldersBelow(store, `${root}${SNAPSHOTS_PREFIX}`, call)) {
    if (!isSeriesName(folder)) continue;
    const newest = await openSeries(prefixed(store, root), folder).newest(call);
    if (newest !== undefined) return newest.manifest.cluster.domain;
  }
  return undefined;
}
