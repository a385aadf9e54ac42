import { type Cleaner, createCleaner } from "@kubeferry/clean";
import { GitError, openWorkTree, type WorkTree } from "@kubeferry/git";
import type { Call, GitOpsReport, ProposedFile } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import {
  type ClusterRef,
  type Config,
  type GitOpsConfig,
  gitopsOf,
  type RepositoryConfig,
} from "@kubeferry/shared-config";
import { warnOfIdleOverrides } from "./environments/idle-overrides.ts";
import { findKnownClusters } from "./environments/known-clusters.ts";
import { createSettings, type SettingsOf } from "./environments/settings.ts";
import { type Generation, generate } from "./generation.ts";
import { GitOpsError } from "./gitops-error.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { Plan } from "./plan/plan.ts";
import { chooseBranch } from "./publish/choose-branch.ts";
import { type Host, openHost } from "./publish/host.ts";
import { type PreviewReader, preview } from "./publish/preview.ts";
import { type Published, publish } from "./publish/publish.ts";
import { requestBody, requestTitle } from "./publish/request-text.ts";
import { AUTHOR } from "./publish/trailers.ts";
import { checkGaps } from "./read/check-gaps.ts";
import type { SourcePlace } from "./read/find-snapshot.ts";
import { type Environment, openSources } from "./read/open-sources.ts";
import type { Source } from "./read/source.ts";
import { reportOf, setAside, waitingReport } from "./report.ts";
import { readTip } from "./repository/read-tip.ts";
import { createSecretWriter } from "./secrets/create-secret-writer.ts";
import { createFingerprint } from "./secrets/fingerprint.ts";
import type { SecretWriter } from "./secrets/secret-writer.ts";
import { warnOfIdleGlobs } from "./select/idle-globs.ts";
import type { RepositoryShape } from "./shape/shape.ts";
import { shapeOf } from "./shape/shapes.ts";
import { openSpool, type Spool } from "./spool.ts";
import { openPolicies, openValidator } from "./validate/open-validator.ts";
import type { PolicyRule } from "./validate/policy/policy-rule.ts";

/** What a run of stage 2 needs. */
export interface GitOpsOptions {
  readonly config: Config;
  /** The whole store; clusters' roots are found below it. */
  readonly store: ObjectStore;
  /** Where one cluster's snapshots lie, when that is not where `store` and `config` say. */
  readonly placeOf?: (cluster: ClusterRef) => Promise<SourcePlace | undefined>;
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
  const gitops = gitopsOf(options.config);
  const cleaner = createCleaner(options.config.clean);
  const policies = await openPolicies(gitops);
  const { sources, environments } = await openSources({ ...options, gitops }, call);
  call.log.info("gitops starts", {
    operation: "gitops_start",
    run_id: options.runId,
    snapshots: sources.map(({ snapshotKey }) => snapshotKey),
  });
  const waitsFor = checkGaps(sources, gitops.source);
  if (waitsFor.length > 0) return waiting({ waitsFor, sources, gitops }, call);
  const settingsOf = createSettings(
    gitops,
    await findKnownClusters({ ...options, gitops, sources, environments }, call),
  );
  const spool = await openSpool();
  try {
    const shape = shapeOf(gitops);
    // The clock only decides whether a certificate is worth a warning.
    const secretWriter = await createSecretWriter(gitops.secrets, new Date());
    const opened = { gitops, settingsOf, cleaner, policies, sources, environments, spool, shape, secretWriter };
    const run: Run = { ...options, ...opened };
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
interface Run extends GitOpsOptions {
  readonly gitops: GitOpsConfig;
  readonly settingsOf: SettingsOf;
  readonly cleaner: Cleaner;
  readonly policies: readonly PolicyRule[];
  readonly sources: readonly Source[];
  readonly environments: readonly Environment[];
  readonly spool: Spool;
  readonly shape: RepositoryShape;
  readonly secretWriter: SecretWriter | undefined;
}

async function generateAndPropose(run: Run, call: Call): Promise<GitOpsReport> {
  const { gitops, cleaner, sources, environments, spool, settingsOf, secretWriter } = run;
  const seen = { objects: 0 };
  const progress = (step: GitOpsProgress["step"]) => run.onProgress?.({ step, objects: seen.objects });
  const generation = await generate(
    {
      cleaner,
      sources,
      environments,
      spool,
      validator: openValidator(gitops, run.policies, sources),
      settingsOf,
      secretWriter,
      fingerprint: createFingerprint(run.config.encryption.identities),
      namespaces: { globs: gitops.namespaces, argocdNamespace: gitops.argocd.namespace },
      repositoryUrl: gitops.repository.url,
      onObject() {
        seen.objects += 1;
        progress("read");
      },
    },
    call,
  );
  warnOfIdleGlobs(gitops.namespaces, generation.findings);
  warnOfIdleOverrides({ gitops, environments, settingsOf: run.settingsOf }, generation.findings);
  for (const warning of generation.findings.warnings)
    call.log.warn("worth a look", { operation: "gitops_finding", warning });
  const host = await openHost(gitops.repository);
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
  return makePlan({ ...run, generation, tree, tip, branchCommit }, call);
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
  const holdsSecret = (bytes: string) => generation.secretValues.isIn(bytes);
  const proposed = await preview(plan, run.dryRun, { tree, spool: run.spool, holdsSecret }, call);
  return { proposed, published: { commit: "", branch: run.gitops.repository.branch, request: undefined } };
}

async function propose(run: Run, { generation, plan, host, tree }: Proposal, call: Call): Promise<Published> {
  const { findings, secretValues } = generation;
  const { blocked, frozen } = setAside(plan, findings, run.shape);
  const facts = { ...run, plan, catalog: generation.catalog, findings, blocked, frozen };
  const text = { title: requestTitle(facts), body: requestBody(facts) };
  const { branch } = run.gitops.repository;
  const holdsSecret = (bytes: string) => secretValues.isIn(bytes);
  return publish({ ...run, tree, plan, text, host, branch, holdsSecret }, call);
}

function workTreeOptions({ url, base, token, username, caFile }: RepositoryConfig) {
  const credentials = token === undefined ? undefined : { token, ...(username === undefined ? {} : { username }) };
  return {
    url,
    base,
    author: AUTHOR,
    ...(credentials === undefined ? {} : { credentials }),
    ...(caFile === undefined ? {} : { caFile }),
  };
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
