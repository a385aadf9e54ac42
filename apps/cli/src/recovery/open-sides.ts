import { type Call, KubeferryError } from "@kubeferry/model";
import {
  type AbsenceInFiles,
  type ComparedType,
  liveSide,
  type Side,
  snapshotSide,
  unmarkedSide,
} from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import { type SnapshotSeries, snapshotAt } from "@kubeferry/snapshot";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import { findCluster } from "../snapshots/find-cluster.ts";
import { howToList } from "./how-to-list.ts";
import { openFilesSide, type WrittenFiles } from "./open-files-side.ts";
import { parseSide, type WrittenSide } from "./written-side.ts";

/** "usage": an option that has nothing to be about. */
class SidesError extends KubeferryError<"usage"> {}

/** What sides are looked for in. */
export interface SidesContext {
  readonly config: Config;
  /** The snapshots of the cluster that the command is about. */
  readonly series: SnapshotSeries;
  /** What files lack of the namespaces that they speak of is not wanted. */
  readonly filesComplete: boolean;
  /** Called with what is to be closed once everything is compared. */
  onOpen(close: () => Promise<void>): void;
}

/** Two sides, ready to be compared. */
interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/**
 * Opens both sides of a comparison. Files are opened last: what their kinds are called is said by the other side, or by
 * the newest snapshot where both are files.
 * @throws KubeferryError "usage" for what names no side
 */
export async function openSides(
  written: { readonly before: string; readonly after: string },
  context: SidesContext,
  call: Call,
): Promise<Sides> {
  const now = new Date();
  const [before, after] = [parseSide(written.before, now), parseSide(written.after, now)];
  if (isFiles(before)) {
    if (isFiles(after)) return openBothFiles(before, after, context, call);
    const other = await openOther(after, context, call);
    return { before: await openFiles(before, seenFrom(other, context), context, call), after: unmarkedSide(other) };
  }
  const first = await openOther(before, context, call);
  if (isFiles(after)) {
    return { before: unmarkedSide(first), after: await openFiles(after, seenFrom(first, context), context, call) };
  }
  if (context.filesComplete) throw noFiles();
  return { before: first, after: await openOther(after, context, call) };
}

async function openBothFiles(
  before: WrittenFiles,
  after: WrittenFiles,
  context: SidesContext,
  call: Call,
): Promise<Sides> {
  const served = (await context.series.newest(call))?.manifest.types ?? [];
  const known = { served, absence: "anywhere" } as const;
  return {
    before: await openFiles(before, known, context, call),
    after: await openFiles(after, known, context, call),
  };
}

interface KnownOfFiles {
  readonly served: readonly ComparedType[];
  readonly absence: AbsenceInFiles;
}

function seenFrom({ types }: Side, { filesComplete }: SidesContext): KnownOfFiles {
  return { served: types, absence: filesComplete ? "in-its-namespaces" : "unknown" };
}

function isFiles(side: WrittenSide): side is WrittenFiles {
  return side.is === "git" || side.is === "folder";
}

async function openFiles(
  side: WrittenFiles,
  known: KnownOfFiles,
  { config, onOpen }: SidesContext,
  call: Call,
): Promise<Side> {
  const opened = await openFilesSide(side, { config, ...known }, call);
  onOpen(() => opened.close());
  return opened;
}

async function openOther(side: Exclude<WrittenSide, WrittenFiles>, context: SidesContext, call: Call): Promise<Side> {
  if (side.is === "live") return openLive(context, call);
  const series = side.cluster === undefined ? context.series : await seriesOf(side.cluster, context, call);
  return snapshotSide(await snapshotAt(series, side.moment, call));
}

async function openLive({ config, onOpen }: SidesContext, call: Call): Promise<Side> {
  const kube = await connectCluster(config, call);
  onOpen(() => kube.close());
  return liveSide({ kube, ...howToList(config) }, call);
}

async function seriesOf(cluster: string, { config }: SidesContext, call: Call): Promise<SnapshotSeries> {
  const { series } = await findCluster(config, await openConfiguredStore(config), cluster, call);
  return series;
}

function noFiles(): SidesError {
  return new SidesError({
    kind: "usage",
    who: "kubeferry",
    operation: "read --files-complete",
    problem: "neither side is files",
    next: "leave it out, or compare with git:<branch>:<path> or folder:<path>",
  });
}
