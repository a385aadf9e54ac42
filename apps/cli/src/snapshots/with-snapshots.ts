import { type Call, noteSecurityEvent } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import type { Snapshot } from "@kubeferry/snapshot";
import type { CommonArguments } from "../commands/options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { openConfiguredStore } from "../compose/connect.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { type CommandTelling, type ToldAs, tellingOf } from "../notify/told-command.ts";
import { reportProblem } from "../present/problem.ts";
import { type ClusterSnapshots, findCluster } from "./find-cluster.ts";

/** What the `snapshots` commands are asked. */
export type SnapshotsArguments = CommonArguments & SnapshotArguments;

/** Whether people are told of a command. */
interface ToldCommand {
  /** Undefined for what nobody is told of: a dry run, a look at a part. */
  readonly told?: ToldAs | undefined;
}

/**
 * Opens the cluster's snapshots, does the work, and turns what goes wrong into an exit code. Of a command that people are
 * told of they hear that it could not be done, from the store that cannot be opened on.
 * @param work gives the exit code; `ExitCode.stopped` when it left something because it was told to stop
 */
export async function withSnapshots(
  { told, ...args }: SnapshotsArguments & ToldCommand,
  work: (found: ClusterSnapshots, call: Call, config: Config, telling: CommandTelling) => Promise<number>,
): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "snapshots");
    const code = await workOn(session, args.cluster, told, work);
    return code === ExitCode.stopped ? reportProblem(undefined, session.stoppedBy()) : code;
  } catch (error) {
    if (session !== undefined) noteSecurityEvent(error, session.call);
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

async function workOn(
  session: Session,
  wanted: string | undefined,
  told: ToldAs | undefined,
  work: Parameters<typeof withSnapshots>[1],
): Promise<number> {
  const { call } = session;
  const config = configOfOne(session, wanted);
  const telling = tellingOf({ ...session, config }, told);
  try {
    const store = await openConfiguredStore(config);
    await store.prepare(call);
    const found = await findCluster(config, store, wanted, call);
    telling.onCluster(found.cluster);
    return await work(found, call, config, telling);
  } catch (error) {
    await telling.failed(error);
    throw error;
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
