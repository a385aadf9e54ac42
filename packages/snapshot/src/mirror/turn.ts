import { type Call, type Failure, finishing } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { MirrorView, Snapshot, SnapshotSeries } from "../snapshots.ts";
import { basesOfClaims, type MirrorBases } from "./bases.ts";
import { bringUpToDate } from "./bring-up-to-date.ts";
import { type HeldMarker, type MirrorClaim, type MirrorMarker, readMarker, swapMarker } from "./marker.ts";
import { newlyQuiet, withQuiet, withTargetShown } from "./marker-changes.ts";
import type { RenderedFiles } from "./rendered-files.ts";

/** A worker's turn at the mirror. */
export interface MirrorTurn {
  readonly claim: MirrorClaim;
  readonly target: Snapshot;
  /** The marker that the claim replaced. */
  readonly before: MirrorMarker | undefined;
  readonly claimed: HeldMarker;
  readonly bases: MirrorBases;
}

/** What a turn works with. */
export interface TurnTools {
  readonly store: ObjectStore;
  readonly series: SnapshotSeries;
  readonly view: MirrorView;
  readonly rendered?: RenderedFiles | undefined;
  readonly concurrency: number;
}

/** Counted over all turns of one worker. */
export interface TurnWork {
  put: number;
  deleted: number;
  readonly failures: Failure[];
}

/**
 * Applies what differs and says in the marker that the target is shown.
 * @returns "again" when another worker was here meanwhile and has gone: then both may have written the same files;
 * "interrupted" when it was told to stop: the marker says that nothing of ours is on its way
 */
export async function takeTurn(
  tools: TurnTools,
  turn: MirrorTurn,
  work: TurnWork,
  call: Call,
): Promise<"updated" | "handed-over" | "incomplete" | "interrupted" | "again"> {
  const { store, series, view } = tools;
  const { claim } = turn;
  let { bases, claimed: held } = turn;
  for (;;) {
    const outcome = await apply(tools, turn, bases, work, call);
    if (outcome === "interrupted") {
      await leaveIncomplete(store, held, claim, finishing(call));
      return "interrupted";
    }
    if (outcome === "overtaken") return handOver(store, claim, call);
    if (outcome === "refused") return leaveIncomplete(store, held, claim, call);
    const shown = await swapMarker(store, held, withTargetShown(held.marker, turn.before, claim), finishing(call));
    if (shown !== undefined) return "updated";
    const now = await readMarker(store, call);
    if (now?.marker.applying?.worker !== claim.worker) return handOver(store, claim, call);
    // Those whom we overtook have stopped only now: what they wrote last is ours to put right.
    bases = await basesOfClaims(series, newlyQuiet(held.marker, now.marker), view, call);
    held = now;
  }
}

async function apply(
  { store, view, rendered, concurrency }: TurnTools,
  { claim, target }: MirrorTurn,
  bases: MirrorBases,
  work: TurnWork,
  call: Call,
): Promise<"done" | "overtaken" | "refused" | "interrupted"> {
  const refusals: Failure[] = [];
  const renderFailures: Failure[] = [];
  const isOvertaken = async () => (await readMarker(store, call))?.marker.applying?.worker !== claim.worker;
  const applying = { store, concurrency, isOvertaken, counts: work, failures: refusals };
  const outcome = await bringUpToDate({ store, target, view, rendered, renderFailures }, bases, applying, call);
  work.failures.push(...renderFailures, ...refusals);
  if (outcome === "overtaken" || outcome === "interrupted") return outcome;
  return refusals.length > 0 ? "refused" : "done";
}

/**
 * Leaves the rest to the worker that set out later, telling it that nothing of ours is on its way any more.
 * @returns "again" when there is no such worker any more
 */
async function handOver(store: ObjectStore, claim: MirrorClaim, call: Call): Promise<"handed-over" | "again"> {
  for (;;) {
    const now = await readMarker(store, call);
    if (now?.marker.applying === undefined) return "again";
    if ((await swapMarker(store, now, withQuiet(now.marker, claim), call)) !== undefined) return "handed-over";
    call.signal.throwIfAborted();
  }
}

/** The claim stays, so that the next run repeats the work. */
async function leaveIncomplete(
  store: ObjectStore,
  held: HeldMarker,
  claim: MirrorClaim,
  call: Call,
): Promise<"incomplete" | "handed-over" | "again"> {
  if ((await swapMarker(store, held, withQuiet(held.marker, claim), call)) !== undefined) return "incomplete";
  const now = await readMarker(store, call);
  return now?.marker.applying?.worker === claim.worker ? "incomplete" : handOver(store, claim, call);
}
