import type { ResourceType } from "@kubeferry/model";
import type { SegmentRef, TypeEntry } from "../manifest.ts";
import type { CapturedObject, MirrorView, Snapshot } from "../snapshots.ts";
import { RENDER_FAILURE, type SegmentOutline } from "./type-writer.ts";

/** What the parent snapshot has of one type and could be named again. */
export interface ParentSegments {
  /** True when the states of the parent say what this run's view would. */
  readonly statesHold: boolean;
  /** The parent's segment of the very same objects; undefined when there is none. */
  find(outline: SegmentOutline, objects: readonly CapturedObject[]): SegmentRef | undefined;
}

/** Nothing is named again. */
const NOTHING: ParentSegments = { statesHold: false, find: () => undefined };

/** How this run captures and renders. */
export interface RunShape {
  readonly capture: string;
  readonly view: MirrorView;
}

/**
 * Looks up the parent's segments by what they hold. Equal (key, uid, resourceVersion) mean equal bytes as long as the
 * type is read at the same version and captured the same way.
 */
export function parentSegments(parent: Snapshot | undefined, type: ResourceType, run: RunShape): ParentSegments {
  const entry = parent?.manifest.types.find((known) => known.group === type.group && known.resource === type.resource);
  if (parent === undefined || entry === undefined || !sameShape(entry, type)) return NOTHING;
  if (parent.manifest.capture !== run.capture) return NOTHING;
  const byVersions = new Map(entry.segments.map((segment) => [segment.versions, segment]));
  return {
    statesHold: statesHold(parent, run.view),
    find(outline, objects) {
      const known = byVersions.get(outline.versions);
      return known !== undefined && sameOutline(known, outline) && objects.every(isVersioned) ? known : undefined;
    },
  };
}

function sameShape(entry: TypeEntry, type: ResourceType): boolean {
  // A carried type may have been captured by an older run in another way than its manifest says of itself.
  return entry.captured.status === "read" && entry.version === type.version && entry.kind === type.kind;
}

// A failed rendering left no digest in the state and is tried again.
function statesHold({ manifest }: Snapshot, view: MirrorView): boolean {
  if (manifest.mirror !== view.fingerprint) return false;
  return !manifest.failures.some((failure) => failure.kind === RENDER_FAILURE);
}

function sameOutline(known: SegmentRef, outline: SegmentOutline): boolean {
  const { rawBytes, objects, first, last } = outline;
  return known.rawBytes === rawBytes && known.objects === objects && known.first === first && known.last === last;
}

/** Some aggregated APIs give no uid or resourceVersion: there, equality says nothing. */
function isVersioned({ uid, resourceVersion }: CapturedObject): boolean {
  return uid !== "" && resourceVersion !== "" && resourceVersion !== "0";
}
