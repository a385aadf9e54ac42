import { compareTypes, type Log, type ResourceType, typeName } from "@kubeferry/model";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef, SnapshotManifest, TypeEntry, TypeStatus } from "../manifest.ts";
import type { CarryReason, SnapshotDetails } from "../snapshots.ts";

/** A type on its way into a manifest: what only the commit knows is not filled in yet. */
export type TypeDraft =
  | {
      readonly from: "read";
      readonly type: ResourceType;
      readonly captured: TypeStatus;
      readonly segments: readonly SegmentRef[];
    }
  | {
      readonly from: "parent";
      readonly type: ResourceType;
      readonly why: CarryReason;
      readonly entry: TypeEntry | undefined;
      readonly segments: readonly SegmentRef[];
    };

/** What the drafts of a run become entries with. */
export interface Filling {
  readonly parent: SnapshotManifest | undefined;
  readonly sequence: number;
  readonly details: SnapshotDetails;
  readonly log: Log;
}

/** Makes the manifest's entries, in the one order of types. */
export function fillDrafts(drafts: Iterable<TypeDraft>, filling: Filling): TypeEntry[] {
  return [...drafts].map((draft) => fillDraft(draft, filling)).sort(compareTypes);
}

function fillDraft(draft: TypeDraft, filling: Filling): TypeEntry {
  if (draft.from === "read") return entryOf(draft.type, draft.captured, draft.segments);
  const captured = carriedStatus(draft.why, draft.entry, filling);
  const kept = withoutClearSecrets(draft, filling);
  if (kept.length < draft.segments.length) {
    filling.log.warn("secrets of the parent snapshot are not carried: they were captured in clear", {
      operation: "snapshot_write",
      resource: typeName(draft.type),
      segments: draft.segments.length - kept.length,
    });
  }
  return entryOf(draft.type, captured, kept);
}

function entryOf(type: ResourceType, captured: TypeStatus, segments: readonly SegmentRef[]): TypeEntry {
  const { group, version, resource, kind, namespaced, verbs } = type;
  const objects = segments.reduce((total, segment) => total + segment.objects, 0);
  return { group, version, resource, kind, namespaced, verbs, captured, objects, segments };
}

/** "Since" stays what it was for as long as the same thing keeps the type out. */
function carriedStatus(why: CarryReason, entry: TypeEntry | undefined, { sequence, details }: Filling): TypeStatus {
  if (entry !== undefined && entry.captured.status === why.status) {
    const { sinceSequence, since } = entry.captured;
    return { ...why, sinceSequence, since };
  }
  return { ...why, sinceSequence: sequence, since: details.startedAt.toISOString() };
}

/**
 * An operator who leaves mode "plain" must not find the old values in every snapshot from then on; nor, in any other
 * mode, those of types that no mode withholds. What was sealed stays sealed.
 */
function withoutClearSecrets(draft: TypeDraft, { parent, details }: Filling): readonly SegmentRef[] {
  const values = parent?.secrets === "plain" || typeName(draft.type) !== "secrets";
  if (!isSecrets(draft.type) || details.secrets === "plain" || !values) return draft.segments;
  return draft.segments.filter(({ sealed }) => sealed !== undefined);
}
