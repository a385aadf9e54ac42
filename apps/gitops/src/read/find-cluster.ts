import { type Call, clusterPath } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import type { ClusterRef } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";

/**
 * The cluster whose snapshots are read when an environment names none: the configured one, or the only one in the
 * store that agrees with what is configured of it.
 * @param store the whole store
 * @throws GitOpsError "config" when several could be meant, "no-snapshot" when none is there
 */
export async function findCluster(
  store: ObjectReader,
  configured: { readonly name?: string; readonly domain?: string },
  call: Call,
): Promise<ClusterRef> {
  const { name, domain } = configured;
  if (name !== undefined && domain !== undefined) return { name, domain };
  const found: ClusterRef[] = [];
  for await (const cluster of clustersIn(store, call)) {
    if ((name ?? cluster.name) === cluster.name && (domain ?? cluster.domain) === cluster.domain) found.push(cluster);
  }
  const [only, ...others] = found;
  if (only === undefined) throw nothingThere();
  if (others.length > 0) throw ambiguous(found);
  return only;
}

async function* clustersIn(store: ObjectReader, call: Call): AsyncIterable<ClusterRef> {
  for await (const domain of foldersBelow(store, "", call)) {
    for await (const name of foldersBelow(store, `${domain}/`, call)) {
      if (await hasSnapshots(store, `${domain}/${name}/_snapshots/`, call)) yield { domain, name };
    }
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

function nothingThere(): GitOpsError {
  return new GitOpsError({
    kind: "no-snapshot",
    who: "gitops",
    operation: "find the source cluster",
    problem: "the store holds no snapshot of a cluster that the configuration could mean",
    next: "run kubeferry backup first, or look at store.bucket, store.prefix and cluster",
  });
}

function ambiguous(found: readonly ClusterRef[]): GitOpsError {
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "find the source cluster",
    problem: `the store holds several: ${found.slice(0, 20).map(clusterPath).join(", ")}`,
    next: "set cluster.domain and cluster.name, or gitops.environments.<name>.cluster",
  });
}
