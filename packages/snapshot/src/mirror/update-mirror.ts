import { randomUUID } from "node:crypto";
import type { Call, Failure } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { MirrorView, Snapshot, SnapshotSeries } from "../snapshots.ts";
import { findBases } from "./bases.ts";
import { type HeldMarker, MARKER_KEY, type MirrorClaim, readMarker, swapMarker } from "./marker.ts";
import { isCurrent, withClaim } from "./marker-changes.ts";
import type { RenderedFiles } from "./rendered-files.ts";
import { type MirrorTurn, takeTurn } from "./turn.ts";

/** What the mirror is brought up to date with. */
export interface MirrorOptions {
  /** Prefixed to the cluster's root, `{domain}/{cluster}/`. */
  readonly store: ObjectStore;
  readonly series: SnapshotSeries;
  readonly view: MirrorView;
  /** What was rendered while the newest snapshot was taken. */
  readonly rendered?: RenderedFiles | undefined;
  /** Files on their way to the store at once. */
  readonly concurrency: number;
  /** True: nothing that is there is relied upon; every file is written, and what a listing finds beside them goes. */
  readonly repair?: boolean;
  /** Unique to this call; default a random UUID. */
  readonly worker?: string;
}

/** What became of the mirror. */
export interface MirrorUpdate {
  readonly put: number;
  readonly deleted: number;
  /** Objects that could not be rendered, files the store refused; or why the mirror was left alone. */
  readonly failures: readonly Failure[];
  /**
   * "unchanged": it showed the newest snapshot. "updated": it does now. "handed-over": another worker set out later and
   * finishes it. "incomplete": the store refused files, the next run tries again. "interrupted": told to stop on the way,
   * the next run goes on. "refused": it belongs to another series.
   */
  readonly outcome: "unchanged" | "updated" | "handed-over" | "incomplete" | "interrupted" | "refused";
}

/** Each try but the last met another worker that changed the marker in the same moment. */
const TRIES = 10;

/**
 * Makes the mirror show the newest snapshot, from what changed between that and what the mirror may hold.
 * Several workers may do this at once, and any of them may die: a marker keeps who set out to write what.
 * @throws SnapshotError "damaged", "newer-format"; StorageError of the marker and of snapshots; AbortError
 */
export async function updateMirror(options: MirrorOptions, call: Call): Promise<MirrorUpdate> {
  const worker = options.worker ?? randomUUID();
  const work = { put: 0, deleted: 0, failures: [] as Failure[] };
  let own: readonly MirrorClaim[] = [];
  for (let tries = 1; tries <= TRIES; tries++) {
    const held = await readMarker(options.store, call);
    // Read after the marker: the newest snapshot is then never older than one the marker speaks of.
    const target = await options.series.newest(call);
    if (target === undefined) return { ...work, outcome: "unchanged" };
    if (held !== undefined && held.marker.series !== target.manifest.series) return refused(held, target);
    const isShown = options.repair !== true && isCurrent(held?.marker, target, options.view);
    if (own.length === 0 && isShown) return { ...work, outcome: "unchanged" };
    const turn = await claimTurn(options, { held, target, worker }, own, call);
    if (turn === undefined) continue;
    own = [turn.claim];
    work.failures = [];
    const outcome = await takeTurn(options, turn, work, call);
    if (outcome !== "again") return report(work, outcome, target, call);
  }
  work.failures.push({ target: "mirror", kind: "conflict", message: `${MARKER_KEY} kept changing; run again` });
  return { ...work, outcome: "incomplete" };
}

/** @returns undefined when another worker changed the marker first */
async function claimTurn(
  { store, series, view, repair = false }: MirrorOptions,
  place: { readonly held: HeldMarker | undefined; readonly target: Snapshot; readonly worker: string },
  own: readonly MirrorClaim[],
  call: Call,
): Promise<MirrorTurn | undefined> {
  const { held, target, worker } = place;
  const { manifest, sha256 } = target;
  const { sequence, runId } = manifest;
  const claim = { sequence, sha256, fingerprint: view.fingerprint, runId, worker };
  const claimed = await swapMarker(store, held, withClaim(held?.marker, manifest.series, claim), call);
  if (claimed === undefined) return undefined;
  const bases = await findBases(series, held?.marker, own, view, call);
  return { claim, target, before: held?.marker, claimed, bases: { ...bases, lost: bases.lost || repair } };
}

function report(
  work: { put: number; deleted: number; failures: Failure[] },
  outcome: "updated" | "handed-over" | "incomplete" | "interrupted",
  target: Snapshot,
  call: Call,
): MirrorUpdate {
  const { put, deleted, failures } = work;
  call.log.info("mirror brought up to date", {
    operation: "mirror_update",
    outcome,
    snapshot: target.key,
    put,
    deleted,
    failures: failures.length,
  });
  return { put, deleted, failures, outcome };
}

function refused({ marker }: HeldMarker, target: Snapshot): MirrorUpdate {
  const message = `the mirror belongs to series ${marker.series}, and this is series ${target.manifest.series}; switch the mirror of one of them off`;
  const failures = [{ target: "mirror", kind: "conflict", message }];
  return { put: 0, deleted: 0, failures, outcome: "refused" };
}
