import type { BranchCommit } from "@kubeferry/git";
import type { Source } from "../read/source.ts";

/** Whom our commits are by. */
export const AUTHOR = { name: "kubeferry", email: "kubeferry@localhost" } as const;

/** The trailers of every commit of ours. */
const RUN = "Kubeferry-Run";
const SNAPSHOT = "Kubeferry-Snapshot";
const CLUSTER = "Kubeferry-Cluster";

/** What a commit says about where it came from: run, manifests, clusters. */
export function trailersOf(runId: string, sources: readonly Source[]): Readonly<Record<string, string>> {
  return {
    [RUN]: runId,
    [SNAPSHOT]: sources.map(({ snapshotKey }) => snapshotKey).join(", "),
    [CLUSTER]: [...new Set(sources.map(({ origin }) => origin.cluster))].join(", "),
  };
}

/**
 * True for a commit that this program made from at least one of these clusters. Everything else is somebody's work, one
 * of ours that a person amended or rebased included.
 */
export function isOurs(commit: BranchCommit, sources: readonly Source[]): boolean {
  if (commit.authorEmail !== AUTHOR.email || commit.committerEmail !== AUTHOR.email) return false;
  const { [RUN]: run, [SNAPSHOT]: snapshot, [CLUSTER]: cluster } = commit.trailers;
  if (run === undefined || snapshot === undefined || cluster === undefined) return false;
  const clusters = cluster.split(", ");
  return sources.some(({ origin }) => clusters.includes(origin.cluster));
}
