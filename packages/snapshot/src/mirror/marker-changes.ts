import type { MirrorView, Snapshot } from "../snapshots.ts";
import type { MirrorClaim, MirrorMarker } from "./marker.ts";

/** True when there is nothing to do: the mirror shows the snapshot, and nobody may have written anything else into it. */
export function isCurrent(marker: MirrorMarker | undefined, target: Snapshot, view: MirrorView): boolean {
  if (marker?.snapshot?.sha256 !== target.sha256 || marker.fingerprint !== view.fingerprint) return false;
  return marker.applying === undefined && (marker.overtaken ?? []).length === 0;
}

/** The marker once a worker has set out; whoever was at it before stays in it, as it may still be writing. */
export function withClaim(marker: MirrorMarker | undefined, series: string, claim: MirrorClaim): MirrorMarker {
  const others = [...(marker?.applying === undefined ? [] : [marker.applying]), ...(marker?.overtaken ?? [])];
  const overtaken = others.filter((other) => other.worker !== claim.worker);
  return {
    format: 1,
    series,
    snapshot: marker?.snapshot ?? null,
    fingerprint: marker?.fingerprint ?? claim.fingerprint,
    applying: claim,
    ...(overtaken.length === 0 ? {} : { overtaken }),
  };
}

/**
 * The marker once a worker is through. A worker that was overtaken just now and has not said that it is quiet may write
 * once more before it notices; its claim stays for the next run to look after, and goes with that.
 * @param before the marker the claim replaced
 */
export function withTargetShown(
  held: MirrorMarker,
  before: MirrorMarker | undefined,
  claim: MirrorClaim,
): MirrorMarker {
  const lookedAfter = new Set((before?.overtaken ?? []).map((other) => other.worker));
  const overtaken = (held.overtaken ?? []).filter((other) => other.quiet !== true && !lookedAfter.has(other.worker));
  const { sequence, sha256, fingerprint } = claim;
  const shown = { format: 1, series: held.series, snapshot: { sequence, sha256 }, fingerprint } as const;
  return overtaken.length === 0 ? shown : { ...shown, overtaken };
}

/** The marker once the claim's worker has no request on its way any more, whether or not it was overtaken. */
export function withQuiet(marker: MirrorMarker, claim: MirrorClaim): MirrorMarker {
  const quiet = { ...claim, quiet: true } as const;
  if (marker.applying?.worker === claim.worker) return { ...marker, applying: quiet };
  const others = (marker.overtaken ?? []).filter((other) => other.worker !== claim.worker);
  return { ...marker, overtaken: [...others, quiet] };
}

/** Claims whose workers have become quiet between two readings of the marker. */
export function newlyQuiet(before: MirrorMarker, now: MirrorMarker): readonly MirrorClaim[] {
  const known = new Set((before.overtaken ?? []).filter((other) => other.quiet).map((other) => other.worker));
  return (now.overtaken ?? []).filter((other) => other.quiet === true && !known.has(other.worker));
}
