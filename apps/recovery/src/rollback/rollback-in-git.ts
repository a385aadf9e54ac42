import {
  type ContentPart,
  generateContent,
  type InputOptions,
  openInputs,
  openSpool,
  type Source,
  shapeOf,
} from "@kubeferry/layout";
import { type Call, clusterPath, type GitOpsReport } from "@kubeferry/model";
import { awaitMerge, type Delivery, deliver, openHost, type PreviewReader, reportOf } from "@kubeferry/publish";
import { type ClusterRef, gitopsOf } from "@kubeferry/shared-config";
import { RecoveryError } from "../recovery-error.ts";
import { type ApplicationReport, type ArgoCd, applicationsOf } from "./applications.ts";
import { rollbackBranch } from "./rollback-branch.ts";
import { rollbackConfig } from "./rollback-config.ts";
import { rollbackText } from "./rollback-text.ts";
import { syncApplications } from "./sync-applications.ts";
import { unknownNamespaces } from "./unknown-namespaces.ts";

/** What a rollback through Git is asked. */
export interface GitRollbackOptions extends Pick<InputOptions, "config" | "store" | "placeOf"> {
  readonly cluster: ClusterRef;
  /** Number of the snapshot that Git goes back to. */
  readonly sequence: number;
  readonly only: ContentPart;
  /** Lets it remove more files than `gitops.maxRemovals`. */
  readonly allowRemovals: boolean;
  /** Shows what would be proposed, and proposes nothing. */
  readonly dryRun?: PreviewReader;
  /** The PATH on which `gitops.verify` looks for kustomize, then kubectl. Left out: our own model builds. */
  readonly programPath?: string;
  /** Waits for the merge, has Argo CD sync, and waits for that. */
  readonly sync?: ArgoCd;
  readonly runId: string;
  readonly toolVersion: string;
}

/** What became of it. */
export interface GitRollbackReport {
  readonly git: GitOpsReport;
  /** Of the namespaces that were asked for, those that neither the snapshot nor Git has. */
  readonly unknown: readonly string[];
  /** The commit of the base branch that holds it, once it is merged; undefined where nobody waited, or in vain. */
  readonly merged: string | undefined;
  readonly applications: readonly ApplicationReport[];
}

/**
 * Lays an earlier snapshot out and proposes what differs from Git, on a branch of its own. Nothing is merged by it.
 * @throws RecoveryError; GitOpsError, GitError, PlatformError as stage 2: then nothing was pushed
 */
export async function rollbackInGit(options: GitRollbackOptions, call: Call): Promise<GitRollbackReport> {
  const { cluster, sequence, only, dryRun } = options;
  const config = rollbackConfig(options.config, (configured) =>
    rollbackBranch(configured, { cluster, sequence, only }),
  );
  // Whoever asked for a sync learns that there is no Argo CD before anything is pushed.
  await options.sync?.check(call);
  const chosen = { cluster, sequence };
  const inputs = await openInputs({ ...options, config, chosen }, call);
  const source = chosenSource(inputs.sources, chosen);
  const mode = dryRun === undefined ? inputs.gitops.mode : "dry-run";
  const host = await openHost(inputs.gitops, mode, call);
  const spool = await openSpool();
  try {
    const shape = shapeOf(inputs.gitops);
    const occasion = rollbackText({ source, only, ordinaryBranch: gitopsOf(options.config).repository.branch });
    const run = { ...options, ...inputs, config, mode, host, spool, shape, occasion, onStep: () => undefined };
    const generation = await generateContent(run, () => undefined, call);
    const delivery: Delivery = { ...run, generation };
    const delivered = await deliver(delivery, call);
    const git = reportOf({ ...delivery, ...delivered, findings: generation.findings });
    const unknown = unknownNamespaces(only, generation.findings, delivered.plan);
    if (options.sync === undefined || dryRun !== undefined)
      return { git, unknown, merged: undefined, applications: [] };
    const merged = await awaitMerge(delivery, { ...options.sync.patience, pollMs: MERGE_POLL_MS }, call);
    if (merged === undefined) return { git, unknown, merged, applications: [] };
    const applications = applicationsOf(delivered.plan, { ...inputs, source: source.id });
    return { git, unknown, merged, applications: await syncApplications(applications, merged, options.sync, call) };
  } finally {
    await spool.close();
    await host.close();
  }
}

/** How often the base branch is looked at: people merge, and hosts count requests. */
const MERGE_POLL_MS = 10_000;

/** @throws RecoveryError "config" where no environment is made from the cluster's newest snapshot */
function chosenSource(
  sources: readonly Source[],
  { cluster, sequence }: Pick<GitRollbackOptions, "cluster" | "sequence">,
): Source {
  const id = clusterPath(cluster);
  const found = sources.find(
    (each) => each.origin.cluster === id && each.sequence === sequence && each.at !== undefined,
  );
  if (found !== undefined) return found;
  throw new RecoveryError({
    kind: "config",
    who: "rollback",
    operation: `take Git back to snapshot ${sequence} of ${id}`,
    problem: "no environment is made from this cluster, or each of them names a time of its own (`at`)",
    next: "look at gitops.environments, or name another cluster: --cluster",
  });
}
