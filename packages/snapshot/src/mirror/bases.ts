import type { Call } from "@kubeferry/model";
import { SnapshotError, type SnapshotErrorKind } from "../snapshot-error.ts";
import type { MirrorView, Snapshot, SnapshotSeries } from "../snapshots.ts";
import type { MirrorClaim, MirrorMarker } from "./marker.ts";
import { type MirrorKeys, mirrorKeysOf } from "./mirror-key.ts";

/** What the files of the mirror may hold before they are brought up to date. */
export interface MirrorBases {
  /** Each file shows one of these snapshots; undefined stands for no files at all. */
  readonly snapshots: readonly (Snapshot | undefined)[];
  /** True when every one of them was rendered the way the view renders: then equal digests mean equal files. */
  readonly sameView: boolean;
  /** True when one of them is gone, so that only a listing can tell which files are left of it. */
  readonly lost: boolean;
  /** Other ways in which keys of their files were built. */
  readonly earlierKeys: readonly MirrorKeys[];
}

/**
 * Finds what a marker says may be in the mirror.
 * @param own claims of the caller itself that the marker may have dropped meanwhile
 */
export async function findBases(
  series: SnapshotSeries,
  marker: MirrorMarker | undefined,
  own: readonly MirrorClaim[],
  view: MirrorView,
  call: Call,
): Promise<MirrorBases> {
  const claims = [...(marker === undefined ? [] : standingClaims(marker)), ...own];
  const shown = marker?.snapshot ? await findAll(series, [marker.snapshot], call) : [undefined];
  const bases = basesOf([...shown, ...(await findAll(series, claims, call))], view);
  // Without a marker nothing is known of the files that are there, and nothing there is known to be ours.
  const known = marker?.fingerprint === view.fingerprint;
  return {
    ...bases,
    sameView: bases.sameView && known && claims.every((one) => one.fingerprint === view.fingerprint),
    earlierKeys: otherKeys([...(marker === undefined ? [] : [marker]), ...claims], view),
  };
}

/** The snapshots of claims whose workers have stopped since. */
export async function basesOfClaims(
  series: SnapshotSeries,
  claims: readonly MirrorClaim[],
  view: MirrorView,
  call: Call,
): Promise<MirrorBases> {
  const bases = basesOf(await findAll(series, claims, call), view);
  return {
    ...bases,
    sameView: bases.sameView && claims.every((one) => one.fingerprint === view.fingerprint),
    earlierKeys: otherKeys(claims, view),
  };
}

/** A view's fingerprint begins with that of its keys. */
function otherKeys(views: readonly { readonly fingerprint: string }[], { keys }: MirrorView): readonly MirrorKeys[] {
  const words = new Set(views.map(({ fingerprint }) => fingerprint.split(" ", 1).join("")));
  words.delete(keys.fingerprint);
  return [...words].flatMap((word) => mirrorKeysOf(word) ?? []);
}

function basesOf(
  found: readonly (Snapshot | undefined | "lost")[],
  view: MirrorView,
): Omit<MirrorBases, "earlierKeys"> {
  const snapshots = found.filter((snapshot) => snapshot !== "lost");
  return {
    snapshots,
    sameView: snapshots.every((snapshot) => snapshot === undefined || snapshot.manifest.mirror === view.fingerprint),
    lost: found.includes("lost"),
  };
}

/** Every claim that stands in a marker. */
function standingClaims(marker: MirrorMarker): readonly MirrorClaim[] {
  return [...(marker.applying === undefined ? [] : [marker.applying]), ...(marker.overtaken ?? [])];
}

async function findAll(
  series: SnapshotSeries,
  wanted: readonly { readonly sequence: number; readonly sha256: string }[],
  call: Call,
): Promise<(Snapshot | "lost")[]> {
  const unique = new Map(wanted.map((one) => [one.sha256, one.sequence]));
  const found: (Snapshot | "lost")[] = [];
  for (const [sha256, sequence] of unique) found.push(await find(series, sequence, sha256, call));
  return found;
}

async function find(series: SnapshotSeries, sequence: number, sha256: string, call: Call): Promise<Snapshot | "lost"> {
  try {
    const snapshot = await series.at(sequence, call);
    return snapshot.sha256 === sha256 ? snapshot : "lost";
  } catch (error) {
    if (error instanceof SnapshotError && UNUSABLE.has(error.kind)) return "lost";
    throw error;
  }
}

/** What an earlier snapshot may have become; its files are then found by a listing. */
const UNUSABLE: ReadonlySet<SnapshotErrorKind> = new Set(["not-found", "damaged", "untrusted"]);
