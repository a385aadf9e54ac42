import { createCleaner } from "@kubeferry/clean";
import type { Discovery, KubeApi } from "@kubeferry/kube";
import { type Call, type ClusterIdentity, clusterPath } from "@kubeferry/model";
import {
  type ApplicationStatus,
  applicationStatuses,
  type Drift,
  type DriftOptions,
  findDrift,
  type GitSide,
  liveSide,
  type RestoreFilter,
} from "@kubeferry/recovery";
import { type Config, type GitOpsConfig, gitopsOf } from "@kubeferry/shared-config";
import type { Snapshot, SnapshotSeries } from "@kubeferry/snapshot";
import type { FilterArguments } from "../commands/filter-options.ts";
import type { ConfigArguments } from "../commands/options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { connectCluster } from "../compose/connect.ts";
import { ExitCode } from "../exit-code.ts";
import { pushDrift } from "../metrics/push-drift.ts";
import { newsOfDrift } from "../notify/news-of-drift.ts";
import type { CommandTelling, ToldAs } from "../notify/told-command.ts";
import { note } from "../present/print.ts";
import type { ColorChoice } from "../present/print-lines.ts";
import { withSnapshots } from "../snapshots/with-snapshots.ts";
import { filterOf } from "./filter-of.ts";
import { howToList } from "./how-to-list.ts";
import { openGitSide } from "./open-git-side.ts";
import { printDrift, printDriftEnd, printDriftStart } from "./print-drift.ts";

/** What `kubeferry drift` is asked. */
export interface DriftArguments extends ConfigArguments, SnapshotArguments, FilterArguments {
  readonly against: "git" | "snapshot" | "both";
  readonly environment?: string;
  readonly output: "text" | "json" | "markdown";
  readonly color: ColorChoice;
}

/**
 * Compares the cluster as it is now with Git and with the last snapshot, and prints what differs.
 * @returns 0 no drift, 3 drift, 2 none as far as it could be compared
 */
export function runDrift(args: DriftArguments): Promise<number> {
  const told = isNarrowed(filterOf(args)) ? undefined : TOLD_AS;
  return withSnapshots({ ...args, output: "text", told }, async ({ series }, call, config, telling) => {
    const kube = await connectCluster(config, call);
    try {
      return await drift(args, { kube, config, series, telling }, call);
    } finally {
      await kube.close();
    }
  });
}

const TOLD_AS: ToldAs = { component: "drift", failed: (target) => `${target} could not be compared` };

interface Looking {
  readonly kube: KubeApi;
  readonly config: Config;
  readonly series: SnapshotSeries;
  readonly telling: CommandTelling;
}

async function drift(args: DriftArguments, { kube, config, series, telling }: Looking, call: Call): Promise<number> {
  const identity = await kube.identify(config.cluster, call);
  const discovery = await kube.discover(call);
  const snapshot = args.against === "git" ? undefined : await lastSnapshot(series, identity, call);
  const gitops = gitopsFor(args, config);
  const git =
    gitops === undefined ? undefined : await openGitSide(gitops, { cluster: identity, discovery, args }, call);
  try {
    const live = await liveSide({ kube, ...howToList(config) }, call);
    const options: DriftOptions = {
      live,
      filter: filterOf(args),
      cleaner: createCleaner(config.clean),
      ...(git === undefined || gitops === undefined ? {} : { git: wanted(git, gitops) }),
      ...(snapshot === undefined ? {} : { snapshot }),
    };
    const applications = gitops === undefined ? undefined : await applicationsOf(kube, discovery, gitops, call);
    const found: Drift[] = [];
    const code = await printAll(args, options, { applications, onDrift: (one) => found.push(one) }, call);
    const labels = { cluster: clusterPath(identity), series: config.backup.series };
    const looked = { labels, comparisons: found, applications: applications ?? [] };
    if (isNarrowed(options.filter)) call.log.debug("metrics are of whole clusters", { operation: "metrics" });
    else {
      await pushDrift(config.metrics, looked, new Date(), call);
      await telling.ended(newsOfDrift(found, labels.cluster));
    }
    return code;
  } finally {
    await git?.side.close();
  }
}

/** The numbers of a part would stand where those of the whole cluster are looked for. */
function isNarrowed({ namespaces, resources, names, clusterScoped, labelSelector }: RestoreFilter): boolean {
  const lists = [namespaces, resources, names].flatMap(({ include, exclude }) => [...include, ...exclude]);
  return lists.length > 0 || !clusterScoped || labelSelector !== undefined;
}

/** With `both`, whoever does not use Git is compared with the last snapshot alone. */
function gitopsFor({ against }: DriftArguments, config: Config): GitOpsConfig | undefined {
  if (against === "snapshot") return undefined;
  if (against === "git" || config.gitops !== undefined) return gitopsOf(config);
  note("nothing of Git is configured: compared with the last snapshot alone");
  return undefined;
}

async function lastSnapshot(
  series: SnapshotSeries,
  identity: ClusterIdentity,
  call: Call,
): Promise<Snapshot | undefined> {
  const newest = await series.newest(call);
  if (newest === undefined) note(`${clusterPath(identity)} has no snapshot yet; run \`kubeferry backup\``);
  return newest;
}

function wanted({ side, applications }: GitSide, { repository }: GitOpsConfig) {
  return { side, applications, repositoryUrl: repository.url };
}

function applicationsOf(
  kube: KubeApi,
  { types }: Discovery,
  { argocd, repository }: GitOpsConfig,
  call: Call,
): Promise<readonly ApplicationStatus[] | undefined> {
  const place = { namespace: argocd.namespace, repositoryUrl: repository.url };
  return applicationStatuses(kube, types, place, call);
}

async function printAll(
  { output, color }: DriftArguments,
  options: DriftOptions,
  {
    applications,
    onDrift,
  }: {
    readonly applications: readonly ApplicationStatus[] | undefined;
    readonly onDrift: (one: Drift) => void;
  },
  call: Call,
): Promise<number> {
  const codes: number[] = [];
  const idle: (readonly string[])[] = [];
  await printDriftStart(output);
  for await (const one of findDrift(options, call)) {
    try {
      await printDrift(one, { output, color });
      codes.push(codeOfDrift(one));
      onDrift(one);
      idle.push(one.idle());
    } finally {
      await one.diff.differences.close();
    }
  }
  await printDriftEnd(applications, output);
  // "No drift" in a namespace that is mistyped would be believed. What fits one of both is no mistake.
  for (const entry of idle[0] ?? []) if (idle.every((entries) => entries.includes(entry))) note(entry);
  // A difference that was found is one, whatever else could not be looked at.
  if (codes.includes(ExitCode.different)) return ExitCode.different;
  return codes.length === 0 || codes.includes(ExitCode.couldNotRun) ? ExitCode.couldNotRun : ExitCode.done;
}

function codeOfDrift({ diff }: Drift): number {
  const { added, removed, changed, notCompared } = diff.report;
  if (added + removed + changed > 0) return ExitCode.different;
  return notCompared.some(({ because }) => because === "unread") ? ExitCode.couldNotRun : ExitCode.done;
}
