import { type Call, noteSecurityEvent } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import type { Snapshot } from "@kubeferry/snapshot";
import type { CommonArguments } from "../commands/options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { openConfiguredStore } from "../compose/connect.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { reportProblem } from "../present/problem.ts";
import { type ClusterSnapshots, findCluster } from "./find-cluster.ts";

/** What the `snapshots` commands are asked. */
export type SnapshotsArguments = CommonArguments & SnapshotArguments;

/**
 * Opens the cluster's snapshots, does the work, and turns what goes wrong into an exit code.
 * @param work gives the exit code; `ExitCode.stopped` when it left something because it was told to stop
 */
export async function withSnapshots(
  args: SnapshotsArguments,
  work: (found: ClusterSnapshots, call: Call, config: Config, runId: string) => Promise<number>,
): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "snapshots");
    const config = configOfOne(session, args.cluster);
    const store = await openConfiguredStore(config);
    await store.prepare(session.call);
    const found = await findCluster(config, store, args.cluster, session.call);
    const code = await work(found, session.call, config, session.runId);
    return code === ExitCode.stopped ? reportProblem(undefined, session.stoppedBy()) : code;
  } catch (error) {
    if (session !== undefined) noteSecurityEvent(error, session.call);
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

/** The snapshot that is asked for; the newest when no number is given. */
export async function chosenSnapshot(
  { series }: ClusterSnapshots,
  sequence: number | undefined,
  call: Call,
): Promise<Snapshot | undefined> {
  return sequence === undefined ? series.newest(call) : series.at(sequence, call);
}
