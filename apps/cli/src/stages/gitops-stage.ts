import type { GitOpsOptions } from "@kubeferry/gitops";
import type { SourcePlace } from "@kubeferry/layout";
import type { Call, GitOpsReport, Span } from "@kubeferry/model";
import type { ClusterRef, Config } from "@kubeferry/shared-config";
import { openConfiguredStore } from "../compose/connect.ts";
import { beginGitOpsSpan } from "../compose/gitops-span.ts";
import type { Session } from "../compose/session.ts";
import type { GitOpsRecorder } from "../metrics/gitops-recorder.ts";
import { toldGitOps } from "../notify/tell-ends.ts";
import { toolVersion } from "../version.ts";
import { type RunTime, withinTime } from "./within-time.ts";

/** What the command line asks of stage 2. */
type GitOpsAsked = Pick<GitOpsOptions, "allowRemovals" | "dryRun">;

/** Who follows a run; what is left out nobody does. */
interface GitOpsCompany {
  /** Counts it. */
  readonly recorder?: GitOpsRecorder;
  /** Told of the run's span, once there is one. */
  readonly onSpan?: (span: Span) => void;
  /** After which it is given up, and has failed. */
  readonly time?: RunTime;
}

/**
 * Stage 2 with what the configuration names; each source is read from the store of its own cluster.
 */
export async function gitopsStage(
  session: Session,
  asked: GitOpsAsked,
  company: GitOpsCompany = {},
): Promise<GitOpsReport> {
  const { recorder } = company;
  const run = () => runStage(session, asked, company);
  // What is only shown is no run that anybody counts on.
  return recorder === undefined || asked.dryRun !== undefined ? run() : recorder.follow(run);
}

async function runStage(
  session: Session,
  asked: GitOpsAsked,
  { recorder, onSpan, time }: GitOpsCompany,
): Promise<GitOpsReport> {
  const { config, runId } = session;
  const call = recorder === undefined ? session.call : recorder.seen(session.call);
  const observed = recorder === undefined ? {} : { observer: recorder.observer };
  const { runGitOps } = await import("@kubeferry/gitops");
  const beginSpan = (snapshots: readonly string[]) => {
    const span = beginGitOpsSpan(session, snapshots);
    onSpan?.(span);
    return span;
  };
  const run = async (inner: Call): Promise<GitOpsReport> => {
    const places = await gitopsPlaces(session);
    const options = {
      config,
      ...places,
      ...verifyingPrograms(),
      ...asked,
      runId,
      toolVersion: toolVersion(),
      beginSpan,
      ...observed,
    };
    return runGitOps(options, inner);
  };
  return toldGitOps({ ...session, call }, asked.dryRun !== undefined, () =>
    time === undefined ? run(call) : withinTime(run, { ...time, isCut }, call),
  );
}

/** Where `gitops.verify` looks for the program that builds overlays. */
export function verifyingPrograms(): Required<Pick<GitOpsOptions, "programPath">> {
  return { programPath: process.env.PATH ?? "" };
}

function isCut({ status }: GitOpsReport): boolean {
  return status === "interrupted";
}

/** Where stage 2 finds snapshots: the store, and the stores of clusters that have their own. */
export async function gitopsPlaces({
  config,
  clusters,
}: Pick<Session, "config" | "clusters">): Promise<Required<Pick<GitOpsOptions, "store" | "placeOf">>> {
  const placeOf = async (cluster: ClusterRef): Promise<SourcePlace | undefined> => {
    const own = clusters.find((each) => isMeant(each, cluster));
    return own && { store: await openConfiguredStore(own), series: own.backup.series };
  };
  return { store: await openConfiguredStore(config), placeOf };
}

function isMeant({ cluster: { name, domain } }: Config, wanted: ClusterRef): boolean {
  return name === wanted.name && (domain === undefined || domain === wanted.domain);
}
