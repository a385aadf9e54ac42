import { type Call, KubeferryError } from "@kubeferry/model";
import { liveSide, type Side, snapshotSide } from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import { parseMoment, type SnapshotSeries, snapshotAt } from "@kubeferry/snapshot";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import { findCluster } from "../snapshots/find-cluster.ts";

/** "usage": nothing that could be compared. */
class SideError extends KubeferryError<"usage"> {}

/** What sides are looked for in. */
export interface SideContext {
  readonly config: Config;
  /** The snapshots of the cluster that the command is about. */
  readonly series: SnapshotSeries;
  /** Called with what is to be closed once everything is compared. */
  onOpen(close: () => Promise<void>): void;
}

/**
 * Opens one side of a comparison: "live", a moment of the cluster's snapshots, or "<cluster>@<moment>".
 * @throws KubeferryError "usage" for anything else
 */
export async function openSide(written: string, context: SideContext, call: Call): Promise<Side> {
  const text = written.trim();
  if (text === "live") return openLive(context, call);
  const split = text.lastIndexOf("@");
  const moment = parseMoment(text.slice(split + 1), new Date());
  if (moment === undefined) throw unknownSide(text);
  const series = split < 0 ? context.series : await seriesOf(text.slice(0, split), context, call);
  return snapshotSide(await snapshotAt(series, moment, call));
}

async function openLive({ config, onOpen }: SideContext, call: Call): Promise<Side> {
  const kube = await connectCluster(config, call);
  onOpen(() => kube.close());
  return liveSide({ kube, pageSize: config.kubernetes.pageSize }, call);
}

async function seriesOf(cluster: string, { config }: SideContext, call: Call): Promise<SnapshotSeries> {
  const { series } = await findCluster(config, await openConfiguredStore(config), cluster, call);
  return series;
}

function unknownSide(text: string): SideError {
  return new SideError({
    kind: "usage",
    who: "kubeferry",
    operation: "choose what is compared",
    problem: `${JSON.stringify(text)} names no snapshot, and is not live`,
    next: "write latest, latest~3, a snapshot's number, -2h, 2026-11-20T06:00:00Z, <cluster>@<any of these>, or live",
  });
}
