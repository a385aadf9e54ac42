import type { Call, Failure, ResourceType } from "@kubeferry/model";
import type { Gatherer } from "../blob/gathered-bytes.ts";
import type { SegmentRef } from "../manifest.ts";
import type { RenderedFiles } from "../mirror/rendered-files.ts";
import type { CredentialKind } from "../protection/find-credential.ts";
import { joinLines } from "../segment/lines.ts";
import type { CapturedObject, FoundCredential, ObjectState, RenderView } from "../snapshots.ts";
import { versionsDigest } from "../state/state.ts";
import type { GatheredObject } from "./gathered-cut.ts";
import type { ParentSegments } from "./parent-segments.ts";
import { type CutPart, partsOf } from "./parts.ts";
import { knownState, oversized, renderedState, sealedStatesOf } from "./render-states.ts";
import type { Sealing } from "./sealing.ts";
import type { Uploads } from "./uploads.ts";

/** What storing a type's segments needs. */
export interface TypeWriting {
  readonly type: ResourceType;
  readonly parent: ParentSegments;
  readonly view: RenderView;
  readonly uploads: Uploads;
  /** Where objects are gathered until a segment is full. */
  readonly gatherer: Gatherer;
  readonly sealing: Sealing | undefined;
  /** What a segment holds on average; undefined: the usual. */
  readonly segmentBytes?: number | undefined;
  /** Where rendered files are kept for the mirror. */
  readonly rendered?: RenderedFiles | undefined;
}

/** What storing gave, summed up over a type. */
export interface StoredCuts {
  readonly segments: SegmentRef[];
  readonly found: FoundCredential[];
  /** Objects whose mirror file could not be made. */
  readonly failures: Failure[];
  /** Segments whose objects were written by this run. */
  written: number;
}

/** What a segment's objects alone say of it. */
export type SegmentOutline = Pick<SegmentRef, "rawBytes" | "objects" | "first" | "last" | "versions">;

/**
 * Stores the objects between two borders as one segment, or as an open and a sealed one; names the parent's again when
 * nothing in them moved. Only what is written is looked through for credentials.
 */
export async function storeCut(
  writing: TypeWriting,
  objects: readonly GatheredObject[],
  stored: StoredCuts,
  call: Call,
): Promise<void> {
  const outline = outlineOf(objects);
  const known = writing.parent.findCut(outline, objects);
  if (known !== undefined && writing.parent.statesHold) {
    stored.segments.push(...known);
    return;
  }
  const parts = partsOf(writing.type, objects, writing.sealing);
  if (parts.length === 1 && parts[0] !== undefined) {
    stored.segments.push(await storePart(writing, { ...parts[0], outline }, stored, call));
    return;
  }
  for (const part of parts) {
    const segment = await storePart(writing, { ...part, outline: outlineOf(part.objects) }, stored, call);
    stored.segments.push({ ...segment, cut: outline.versions });
  }
}

async function storePart(
  writing: TypeWriting,
  { objects, sealed, found, outline }: CutPart & { readonly outline: SegmentOutline },
  stored: StoredCuts,
  call: Call,
): Promise<SegmentRef> {
  const { view, uploads, parent } = writing;
  const sealer = sealed ? writing.sealing?.sealer : undefined;
  const states = sealed ? sealedStatesOf(objects) : await renderedStates(writing, { objects, outline }, stored, call);
  const state = await uploads.addState({ objects: states, versions: outline.versions }, call);
  const seal = sealer === undefined ? {} : { sealed: sealer.to };
  const rest = { ...outline, state, ...oversized(objects, view), ...seal, ...countsOf(found) };
  const known = parent.findPart(outline, objects);
  if (known !== undefined) return { sha256: known.sha256, sizeBytes: known.sizeBytes, ...rest };
  const lines = joinLines(objects.map(({ line }) => line));
  const blob = await uploads.add("segments", lines, call, sealer);
  if (!parent.has(blob.sha256)) stored.written++;
  stored.found.push(...found);
  return { ...blob, ...rest };
}

/** What is rendered in one go, of captured bytes: the files wait in memory until they are compressed. */
const PORTION_BYTES = 256 * 1024;

async function renderedStates(
  { type, view, parent, rendered }: TypeWriting,
  { objects, outline }: { readonly objects: readonly CapturedObject[]; readonly outline: SegmentOutline },
  { failures }: StoredCuts,
  call: Call,
): Promise<ObjectState[]> {
  const known = await parent.statesWithin(outline, call);
  const states: ObjectState[] = [];
  let files = rendered?.gather();
  let bytes = 0;
  for (const object of objects) {
    const before = knownState(object, known);
    states.push(before ?? renderedState(object, { type, view, files, failures }));
    if (before === undefined) bytes += object.line.length;
    if (bytes < PORTION_BYTES) continue;
    await files?.keep();
    files = rendered?.gather();
    bytes = 0;
  }
  await files?.keep();
  return states;
}

function countsOf(found: readonly FoundCredential[]): Pick<SegmentRef, "findings"> {
  if (found.length === 0) return {};
  const counts: Partial<Record<CredentialKind, number>> = {};
  for (const { kind } of found) counts[kind] = (counts[kind] ?? 0) + 1;
  return { findings: counts };
}

function outlineOf(objects: readonly CapturedObject[]): SegmentOutline {
  return {
    rawBytes: objects.reduce((total, object) => total + object.line.length + 1, 0),
    objects: objects.length,
    first: objects[0]?.key ?? "",
    last: objects.at(-1)?.key ?? "",
    versions: versionsDigest(objects),
  };
}
