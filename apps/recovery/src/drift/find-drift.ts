import type { Cleaner } from "@kubeferry/clean";
import type { Call } from "@kubeferry/model";
import type { Snapshot } from "@kubeferry/snapshot";
import { type Diff, diffSides } from "../diff/diff-sides.ts";
import type { RestoreFilter } from "../restore/restore-plan.ts";
import { createSelection } from "../select/selection.ts";
import type { Side } from "../sides/side.ts";
import { snapshotSide } from "../sides/snapshot-side.ts";
import { type GitWanted, managedLiveSide } from "./managed-live-side.ts";

/** What a cluster is held against. */
export interface DriftOptions {
  readonly live: Side;
  readonly git?: GitWanted;
  readonly snapshot?: Snapshot;
  readonly filter: RestoreFilter;
  readonly cleaner: Cleaner;
}

/** How a cluster differs from one of the two. In a comparison with Git, "removed" is missing and "added" unmanaged. */
export interface Drift {
  readonly against: "git" | "snapshot";
  /** Close its `differences` when they were read. */
  readonly diff: Diff;
  /** Entries of the filter that fitted nothing, as sentences; known once the differences were found. */
  readonly idle: () => readonly string[];
}

/**
 * Compares the cluster as it is now with what Git wants of it, and with what the last snapshot says it was.
 * @returns one for each that was given, Git first
 * @throws as `diffSides`
 */
export async function* findDrift(options: DriftOptions, call: Call): AsyncIterable<Drift> {
  const { live, git, snapshot } = options;
  if (git !== undefined) yield compare("git", git.side, managedLiveSide(live, git), options, call);
  if (snapshot !== undefined) yield compare("snapshot", snapshotSide(snapshot), live, options, call);
}

async function compare(
  against: Drift["against"],
  before: Side,
  after: Side,
  { filter, cleaner }: DriftOptions,
  call: Call,
): Promise<Drift> {
  const selection = createSelection(filter);
  const diff = await diffSides({ before, after, selection, cleaner, texts: false }, call);
  return { against, diff, idle: selection.idle };
}
