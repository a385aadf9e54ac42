import { type Findings, type Inputs, type Plan, type RepositoryShape, type Source, setAside } from "@kubeferry/layout";
import type { GitOpsReport, OverlayVerification, ProposedFile, PublishMode, RequestReport } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { emptiedWarnings, lookedAfter } from "./looked-after.ts";
import type { OpenHost } from "./open-host.ts";
import { countFiles, type FileCounts, isWorthTelling, NO_FILES, type Published } from "./published.ts";

/** The report of a run that came to its end, or was told to stop on the way. Files are counted when they were written in this run, or would be. */
export function reportOf(run: {
  readonly plan: Plan;
  readonly mode: PublishMode;
  readonly gitops: Pick<GitOpsConfig, "repository" | "directory">;
  readonly published: readonly Published[];
  readonly interrupted?: boolean;
  /** Where `gitops.verify` asked for it. */
  readonly verification?: OverlayVerification;
  /** In mode `directory`. */
  readonly written?: FileCounts;
  /** Of a dry run. */
  readonly proposed?: readonly ProposedFile[];
  readonly host: Pick<OpenHost, "warnings">;
  readonly findings: Findings;
  readonly sources: readonly Source[];
  readonly waiting: Inputs["waiting"];
  readonly shape: RepositoryShape;
}): GitOpsReport {
  const { plan, mode, published, proposed, verification, findings, sources, waiting, shape } = run;
  const { blocked, frozen } = setAside(plan, findings, shape);
  const leftFolders = plan.folders.filter((folder) => folder.blocked !== undefined);
  const failed = published.filter(({ error }) => error !== undefined);
  const { validation } = findings;
  const others = lookedAfter(findings);
  // What the run leaves alone counts for why it does.
  const unverified = (verification?.notVerified ?? []).filter(({ because }) => because !== "left-alone");
  return {
    stage: "gitops",
    // What cannot be in Git is left out at every run alike; what somebody wrote or edited wants attention.
    status: statusOf(
      run,
      waiting.length + frozen.length + leftFolders.length + validation.errors + failed.length + unverified.length,
    ),
    snapshot: snapshotsIn(sources),
    files: filesOf(run),
    frozen,
    blocked,
    ...(others.length === 0 ? {} : { lookedAfter: others }),
    validation,
    ...(verification === undefined ? {} : { verification }),
    warnings: [
      ...run.host.warnings,
      ...waiting.map(({ reason }) => reason),
      ...findings.warnings,
      ...emptiedWarnings(findings),
      ...plan.folders.flatMap((folder) => folder.warnings),
      ...sources.flatMap(({ warnings }) => warnings),
      ...published.flatMap(({ warnings }) => warnings),
    ],
    mode,
    ...placeOf(run),
    ...(proposed === undefined ? {} : { proposed }),
    pullRequest: onlyRequest(published),
    requests: published.filter(isWorthTelling).map(requestOf),
  };
}

/**
 * The report of a run that did nothing, as that of another one whose parts came to this.
 * @param report without any part
 */
export function withPublished(
  report: GitOpsReport,
  published: readonly Published[],
  run: Pick<Parameters<typeof reportOf>[0], "gitops" | "mode"> & { readonly sources: readonly Source[] },
): GitOpsReport {
  return {
    ...report,
    snapshot: snapshotsIn(run.sources),
    warnings: [...report.warnings, ...published.flatMap(({ warnings }) => warnings)],
    ...placeOf({ ...run, published }),
    pullRequest: onlyRequest(published),
    requests: published.filter(isWorthTelling).map(requestOf),
  };
}

function snapshotsIn(sources: readonly Source[]): string {
  return sources.map(({ snapshotKey }) => snapshotKey).join(", ");
}

function statusOf({ interrupted = false }: Parameters<typeof reportOf>[0], problems: number): GitOpsReport["status"] {
  if (interrupted) return "interrupted";
  return problems === 0 ? "complete" : "partial";
}

function filesOf({ plan, published, written, proposed }: Parameters<typeof reportOf>[0]): FileCounts {
  if (proposed !== undefined) return countFiles(plan);
  const counts = [...published.map(({ files }) => files), ...(written === undefined ? [] : [written])];
  const total = (key: keyof FileCounts) => counts.reduce((sum, each) => sum + each[key], 0);
  return { written: total("written"), changed: total("changed"), removed: total("removed") };
}

function placeOf({
  mode,
  gitops: { repository, directory },
  published,
}: Pick<Parameters<typeof reportOf>[0], "mode" | "gitops" | "published">): Pick<
  GitOpsReport,
  "commit" | "branch" | "directory"
> {
  if (mode === "directory") return { commit: "", branch: "", ...(directory === undefined ? {} : { directory }) };
  const [only, second] = currentOf(published);
  const commit = published.find((each) => each.commit !== "")?.commit ?? "";
  return { commit, branch: only !== undefined && second === undefined ? only.branch : repository.branch };
}

/** Where everything is in one request, that one. */
function onlyRequest(published: readonly Published[]): GitOpsReport["pullRequest"] {
  const [only, second] = currentOf(published);
  if (only?.pullRequest === undefined || second !== undefined) return null;
  return { ...only.pullRequest, outcome: only.outcome };
}

/** What was withdrawn beside a request is no request of this run, and neither is a part without anything to say. */
function currentOf(published: readonly Published[]): readonly Published[] {
  const told = published.filter(isWorthTelling);
  const open = told.filter(({ outcome }) => outcome !== "closed");
  return [open, told, published].find((each) => each.length > 0) ?? [];
}

function requestOf({ part, branch, commit, outcome, pullRequest, files, error }: Published): RequestReport {
  return {
    ...(part === undefined ? {} : { part }),
    branch,
    commit,
    outcome,
    url: pullRequest?.url ?? null,
    number: pullRequest?.number ?? null,
    files,
    ...(error === undefined ? {} : { error: error instanceof Error ? error.message : "unknown" }),
  };
}

/** The report of a run that ended before it touched Git, because not everything is in the snapshots. */
export function waitingReport(run: {
  readonly waitsFor: readonly string[];
  readonly sources: readonly Source[];
  readonly waiting: Inputs["waiting"];
  readonly gitops: Pick<GitOpsConfig, "repository">;
  readonly mode: PublishMode;
}): GitOpsReport {
  const { waitsFor, sources, waiting, gitops, mode } = run;
  return {
    stage: "gitops",
    status: waiting.length === 0 ? "complete" : "partial",
    snapshot: snapshotsIn(sources),
    files: NO_FILES,
    frozen: [],
    blocked: [],
    validation: { errors: 0, warnings: 0, findings: [] },
    warnings: [...waiting.map(({ reason }) => reason), ...sources.flatMap(({ warnings }) => warnings)],
    mode,
    waitsFor,
    commit: "",
    branch: gitops.repository.branch,
    pullRequest: null,
    requests: [],
  };
}
