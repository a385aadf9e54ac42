import { type GitCredentials, GitError, openWorkTree, type WorkTree } from "@kubeferry/git";
import type { Call, GitOpsReport, ProposedFile, Secret } from "@kubeferry/model";
import type { RepositoryConfig } from "@kubeferry/shared-config";
import type { Generation } from "./generation.ts";
import { GitOpsError } from "./gitops-error.ts";
import type { LastLook } from "./guard/check-bytes.ts";
import { generateContent, type InputOptions, type Inputs, openInputs } from "./inputs.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { Plan } from "./plan/plan.ts";
import { chooseBranch } from "./publish/choose-branch.ts";
import { type Host, openHost } from "./publish/host.ts";
import { type PreviewReader, preview } from "./publish/preview.ts";
import { type Published, publish } from "./publish/publish.ts";
import { requestBody, requestTitle } from "./publish/request-text.ts";
import { AUTHOR } from "./publish/trailers.ts";
import { checkGaps } from "./read/check-gaps.ts";
import { reportOf, setAside, waitingReport } from "./report.ts";
import { readTip } from "./repository/read-tip.ts";
import type { RepositoryShape } from "./shape/shape.ts";
import { shapeOf } from "./shape/shapes.ts";
import { openSpool, type Spool } from "./spool.ts";

/** What a run of stage 2 needs. */
export interface GitOpsOptions extends InputOptions {
  /** Lets a run remove more files than `gitops.maxRemovals`. */
  readonly allowRemovals: boolean;
  /** Shows what would be proposed, and proposes nothing: no push, and no question to the host. */
  readonly dryRun?: PreviewReader;
  readonly runId: string;
  readonly toolVersion: string;
  readonly onProgress?: (progress: GitOpsProgress) => void;
}

/** How far a run is, for people who watch. */
export interface GitOpsProgress {
  readonly step: "read" | "plan" | "publish";
  /** Read from the snapshots so far. */
  readonly objects: number;
}

/** How often a lost race for the branch is run again, the first time included. */
const TRIES = 3;

/**
 * Stage 2: reads the newest snapshots, lays them out as a repository, and proposes what differs from the base branch.
 * @returns the report; blocked objects and frozen folders are in it and do not throw
 * @throws GitOpsError, GitError, PlatformError, StorageError, SnapshotError when nothing could be proposed; then
 *   nothing was pushed
 */
export async function runGitOps(options: GitOpsOptions, call: Call): Promise<GitOpsReport> {
  const inputs = await openInputs(options, call);
  call.log.info("gitops starts", {
    operation: "gitops_start",
    run_id: options.runId,
    snapshots: inputs.sources.map(({ snapshotKey }) => snapshotKey),
  });
  const waitsFor = checkGaps(inputs.sources, inputs.gitops.source);
  if (waitsFor.length > 0) return waiting({ ...inputs, waitsFor }, call);
  const spool = await openSpool();
  try {
    const run: Run = { ...options, ...inputs, spool, shape: shapeOf(inputs.gitops) };
    const report = await generateAndPropose(run, call);
    call.log.info("gitops ends", { operation: "gitops_complete", status: report.status, commit: report.commit });
    return report;
  } finally {
    await spool.close();
  }
}

/** The run ends before it looks at Git; what is there stays, and so does an open request. */
function waiting(
  { waitsFor, sources, gitops }: Pick<Run, "sources" | "gitops"> & { readonly waitsFor: readonly string[] },
  call: Call,
): GitOpsReport {
  const report = waitingReport(waitsFor, sources, gitops.repository.branch);
  call.log.warn("waits for a snapshot without gaps", { operation: "gitops_complete", status: report.status, waitsFor });
  return report;
}

/** A run, once its sources are open. */
interface Run extends GitOpsOptions, Inputs {
  readonly spool: Spool;
  readonly shape: RepositoryShape;
}

async function generateAndPropose(run: Run, call: Call): Promise<GitOpsReport> {
  const seen = { objects: 0 };
  const progress = (step: GitOpsProgress["step"]) => run.onProgress?.({ step, objects: seen.objects });
  const onObject = (): void => {
    seen.objects += 1;
    progress("read");
  };
  const generation = await generateContent(run, onObject, call);
  const host = await openHost(run.gitops.repository);
  try {
    return await proposeInTries(run, generation, host, progress, call);
  } finally {
    await host.close();
  }
}

type Progress = (step: GitOpsProgress["step"]) => void;

async function proposeInTries(
  run: Run,
  generation: Generation,
  host: Host,
  progress: Progress,
  call: Call,
): Promise<GitOpsReport> {
  for (let tries = 1; ; tries++) {
    const tree = await openWorkTree(workTreeOptions(run.gitops.repository), call);
    try {
      const plan = await planOn(run, generation, tree, progress, call);
      const outcome = await proposeOrShow(run, { generation, plan, host, tree }, progress, call);
      return reportOf({ ...run, plan, ...outcome, findings: generation.findings });
    } catch (error) {
      if (!(error instanceof GitError) || error.kind !== "conflict") throw error;
      if (tries === TRIES) throw lostEveryRace(run.gitops.repository, error);
      call.log.info("the branch moved, planning again on its new state", { operation: "git_push", tries });
    } finally {
      await tree.close();
    }
  }
}

async function planOn(run: Run, generation: Generation, tree: WorkTree, progress: Progress, call: Call): Promise<Plan> {
  progress("plan");
  const tip = await readTip(tree, run.shape, call);
  const branchCommit = run.secretWriter?.random ? await openBranch(run, tree, call) : undefined;
  return makePlan({ ...run, generation, tree, tip, branchCommit, lastLook: lastLookOf(run, generation) }, call);
}

/** The commit of the branch that this run may set: what an earlier run encrypted there stays as it is. */
async function openBranch(run: Run, tree: WorkTree, call: Call): Promise<string | undefined> {
  const { remote } = await chooseBranch(tree, run.gitops.repository.branch, run.sources, call);
  return remote?.commit;
}

interface Proposal {
  readonly generation: Generation;
  readonly plan: Plan;
  readonly host: Host;
  readonly tree: WorkTree;
}

async function proposeOrShow(
  run: Run,
  proposal: Proposal,
  progress: Progress,
  call: Call,
): Promise<{ published: Published; proposed?: readonly ProposedFile[] }> {
  progress("publish");
  if (run.dryRun === undefined) return { published: await propose(run, proposal, call) };
  const { tree, plan, generation } = proposal;
  const lastLook = lastLookOf(run, generation);
  const proposed = await preview(plan, run.dryRun, { tree, spool: run.spool, lastLook }, call);
  return { proposed, published: { commit: "", branch: run.gitops.repository.branch, request: undefined } };
}

async function propose(run: Run, { generation, plan, host, tree }: Proposal, call: Call): Promise<Published> {
  const { findings } = generation;
  const { blocked, frozen } = setAside(plan, findings, run.shape);
  const facts = { ...run, plan, catalog: generation.catalog, findings, blocked, frozen };
  const text = { title: requestTitle(facts), body: requestBody(facts) };
  const { branch } = run.gitops.repository;
  return publish({ ...run, tree, plan, text, host, branch, lastLook: lastLookOf(run, generation) }, call);
}

function lastLookOf({ scanner }: Run, { secretValues }: Generation): LastLook {
  return {
    holdsSecret: (text) => secretValues.isIn(text),
    allowsCredential: (object) => scanner.knows(object),
  };
}

function workTreeOptions({ url, base, token, username, caFile }: RepositoryConfig) {
  const credentials = token === undefined ? undefined : basicLogin(token, username);
  return {
    url,
    base,
    author: AUTHOR,
    ...(credentials === undefined ? {} : { credentials }),
    ...(caFile === undefined ? {} : { caFile }),
  };
}

/** Hosts that only look at the token take any name. */
function basicLogin(token: Secret, username = "x-access-token"): GitCredentials {
  return { scheme: "basic", username, token };
}

function lostEveryRace({ branch }: RepositoryConfig, cause: GitError): GitOpsError {
  return new GitOpsError({
    kind: "conflict",
    who: "gitops",
    operation: `push ${branch}`,
    problem: `the branch moved at each of ${TRIES} tries`,
    next: "see who else writes to it, then run again",
    cause,
  });
}
