import type { BranchCommit } from "@kubeferry/git";
import type { Source } from "@kubeferry/layout";

/** Whom commits are by unless configured otherwise. */
const DEFAULT_EMAIL = "kubeferry@localhost";

/** The trailers of every commit of ours. */
const RUN = "Kubeferry-Run";
const SNAPSHOT = "Kubeferry-Snapshot";
const CLUSTER = "Kubeferry-Cluster";
/** Only of a run in a trace: what finds its log lines and spans. */
const TRACE = "Kubeferry-Trace";
/** Only of commits since there can be parts: which branch they are for. */
const BASE = "Kubeferry-Base";
/** Only of later ones: `gitops.repository.branch`, without what is put behind it. */
const BRANCH = "Kubeferry-Branch";
/** Only of a commit that holds a part of what there is to propose. */
const PART = "Kubeferry-Part";

/** What a commit says about where it came from and goes to: run, manifests, clusters, base, branch, and which part of it it is. */
export function trailersOf(origin: {
  readonly runId: string;
  readonly sources: readonly Pick<Source, "snapshotKey" | "origin">[];
  /** Of the run's trace; left out: it is in none. */
  readonly traceId?: string;
  readonly base: string;
  /** `gitops.repository.branch`. */
  readonly branch: string;
  /** Undefined where everything is in one commit. */
  readonly part: string | undefined;
}): Readonly<Record<string, string>> {
  const { runId, sources, traceId, base, branch, part } = origin;
  return {
    [RUN]: runId,
    [SNAPSHOT]: sources.map(({ snapshotKey }) => snapshotKey).join(", "),
    [CLUSTER]: [...new Set(sources.map((source) => source.origin.cluster))].join(", "),
    ...(traceId === undefined ? {} : { [TRACE]: traceId }),
    [BASE]: base,
    [BRANCH]: branch,
    ...(part === undefined ? {} : { [PART]: part }),
  };
}

/** The manifests that a commit of ours was made from, by their keys from the root of the store. */
export function snapshotsOf({ trailers }: Pick<BranchCommit, "trailers">): readonly string[] {
  return trailers[SNAPSHOT]?.split(", ") ?? [];
}

/** By what a commit of ours is known. */
export interface OwnMarks {
  readonly sources: readonly Pick<Source, "origin">[];
  /** The configured address; commits made before one was configured stay ours. */
  readonly authorEmail: string;
  /** The branch that requests go to. */
  readonly base: string;
  /** `gitops.repository.branch`. */
  readonly configured: string;
}

/**
 * True for a commit that this program made from at least one of these clusters, for this base, this branch and this part.
 * Everything else is somebody's work, one of ours that a person amended or rebased included.
 * @param part undefined for a commit that holds everything
 */
export function isOurs(commit: BranchCommit, marks: OwnMarks, part: string | undefined): boolean {
  const { sources, authorEmail, base, configured } = marks;
  const ours = [authorEmail, DEFAULT_EMAIL];
  if (!ours.includes(commit.authorEmail) || !ours.includes(commit.committerEmail)) return false;
  // Ours is made in one moment: whoever amends or rebases it, under our address too, leaves two.
  if (commit.authoredAt !== commit.committedAt) return false;
  const { [RUN]: run, [SNAPSHOT]: snapshot, [CLUSTER]: cluster } = commit.trailers;
  if (run === undefined || snapshot === undefined || cluster === undefined) return false;
  // "main" of one configuration and "main-2" of another one, base or branch, look like one's first and second branch.
  if ((commit.trailers[BASE] ?? base) !== base || (commit.trailers[BRANCH] ?? configured) !== configured) return false;
  if (commit.trailers[PART] !== part) return false;
  const clusters = cluster.split(", ");
  return sources.some(({ origin }) => clusters.includes(origin.cluster));
}
