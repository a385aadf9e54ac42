import type { Call, Failure } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { SnapshotError } from "../snapshot-error.ts";
import type { MirrorView, Snapshot } from "../snapshots.ts";
import { type Applied, type Applying, applyEdits } from "./apply-edits.ts";
import type { MirrorBases } from "./bases.ts";
import { type EditRequest, type MirrorEdit, mirrorEdits } from "./edits.ts";
import { listMirror } from "./list-mirror.ts";
import type { MirrorKeys } from "./mirror-key.ts";
import type { RenderedFiles } from "./rendered-files.ts";

/** What the mirror shall show. */
export interface MirrorGoal {
  readonly store: ObjectStore;
  readonly target: Snapshot;
  readonly view: MirrorView;
  readonly rendered?: RenderedFiles | undefined;
  /** Objects that could not be rendered. */
  readonly renderFailures: Failure[];
}

/**
 * Turns what may be in the mirror into what the target says.
 * @throws SnapshotError "damaged" when the target itself cannot be read
 */
export async function bringUpToDate(
  goal: MirrorGoal,
  bases: MirrorBases,
  applying: Applying,
  call: Call,
): Promise<Applied> {
  if (bases.lost) return sweep(goal, bases, applying, call);
  try {
    return await fromBases(goal, bases, applying, call);
  } catch (error) {
    if (!(error instanceof SnapshotError) || error.kind !== "damaged") throw error;
    // Blobs of an old snapshot may be gone; if they are the target's own, sweeping meets the same error.
    call.log.warn("mirror is written anew: an earlier snapshot cannot be read", { operation: "mirror_update", error });
    return sweep(goal, bases, applying, call);
  }
}

async function fromBases(goal: MirrorGoal, bases: MirrorBases, applying: Applying, call: Call): Promise<Applied> {
  for (const [pass, base] of bases.snapshots.entries()) {
    const extent = extentOf(goal, bases, pass);
    const edits = mirrorEdits(requestOf(goal, base, extent), call);
    const outcome = await applyEdits(edits, applying, call);
    if (outcome !== "done") return outcome;
  }
  return applyEdits(outgrownFiles(goal, bases, call), applying, call);
}

/** After the way keys are built has changed: the files under the keys of before. */
async function* outgrownFiles(goal: MirrorGoal, bases: MirrorBases, call: Call): AsyncIterable<MirrorEdit> {
  for (const keys of bases.earlierKeys) {
    for (const base of bases.snapshots) {
      if (base === undefined) continue;
      for await (const { type, key } of base.states(() => true, call)) {
        const before = keys.of(type, key);
        if (before !== goal.view.keys.of(type, key)) yield { key: before };
      }
    }
  }
}

function extentOf({ target, view }: MirrorGoal, bases: MirrorBases, pass: number): EditRequest["extent"] {
  // Otherwise the target's states do not say which files the view makes of it.
  const targetFits = target.manifest.mirror === view.fingerprint;
  const everyFileIsWritten = !bases.sameView || bases.snapshots[0] === undefined;
  // Every file of the target is written once; after that only those that no longer belong are looked for.
  if (targetFits && everyFileIsWritten && pass > 0) return "removals";
  return targetFits && bases.sameView ? "differences" : "everything";
}

function requestOf(
  { target, view, rendered, renderFailures }: MirrorGoal,
  base: Snapshot | undefined,
  extent: EditRequest["extent"],
) {
  return { base, target, view, extent, rendered, failures: renderFailures };
}

/**
 * Writes every file and deletes what a listing finds beside them. The one case in which the keys of the whole mirror are
 * in memory (about 100 bytes each): no snapshot is left that says which files may be there.
 */
async function sweep(goal: MirrorGoal, bases: MirrorBases, applying: Applying, call: Call): Promise<Applied> {
  const expected = new Set<string>();
  const writing = noting(mirrorEdits(requestOf(goal, undefined, "everything"), call), expected);
  const written = await applyEdits(writing, applying, call);
  if (written !== "done") return written;
  for (const keys of [goal.view.keys, ...bases.earlierKeys]) {
    const outcome = await applyEdits(strays(goal.store, keys, expected, call), applying, call);
    if (outcome !== "done") return outcome;
  }
  return "done";
}

async function* noting(edits: AsyncIterable<MirrorEdit>, keys: Set<string>): AsyncIterable<MirrorEdit> {
  for await (const edit of edits) {
    keys.add(edit.key);
    yield edit;
  }
}

async function* strays(
  store: ObjectStore,
  keys: MirrorKeys,
  expected: ReadonlySet<string>,
  call: Call,
): AsyncIterable<MirrorEdit> {
  for await (const { key } of listMirror(store, keys, call)) {
    if (!expected.has(key)) yield { key };
  }
}
