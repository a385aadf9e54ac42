import type { Buffer } from "node:buffer";
import { type Call, type ObjectKey, typeName } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readAtMost } from "../blob/read-blob.ts";
import type { TypeEntry } from "../manifest.ts";
import { listMirror } from "../mirror/list-mirror.ts";
import { MARKER_KEY, readMarker } from "../mirror/marker.ts";
import { isCurrent } from "../mirror/marker-changes.ts";
import type { MirrorView, Snapshot } from "../snapshots.ts";
import type { VerifyProblem } from "./verify-snapshot.ts";

/** What is compared, and where it is said. */
export interface MirrorCheck {
  readonly snapshot: Snapshot;
  readonly store: ObjectReader;
  readonly view: MirrorView;
  readonly problems: VerifyProblem[];
}

/**
 * Compares the mirror's files with what a view renders of a snapshot: every file is listed and read. Holds the keys of
 * the files in memory, about 100 bytes each.
 */
export async function verifyMirror(check: MirrorCheck, call: Call): Promise<void> {
  const { snapshot, store, problems } = check;
  const marker = await markerProblem(check, call);
  if (marker !== undefined) problems.push({ key: MARKER_KEY, problem: marker });
  const listed = new Set<string>();
  for await (const { key } of listMirror(store, check.view.keys, call)) listed.add(key);
  for (const type of snapshot.manifest.types) {
    for await (const { key, file } of renderedFiles(check, type, call)) {
      const problem = listed.delete(key) ? await differenceOf(store, key, file, call) : "is missing";
      if (problem !== undefined) problems.push({ key, problem });
    }
  }
  for (const key of listed) problems.push({ key, problem: "is unexpected: no object of the snapshot has this file" });
}

async function markerProblem({ snapshot, store, view }: MirrorCheck, call: Call): Promise<string | undefined> {
  const held = await readMarker(store, call);
  if (held === undefined) return "is missing: no mirror was written";
  const { marker } = held;
  if (marker.series !== snapshot.manifest.series) return `belongs to series ${marker.series}`;
  // A worker that was overtaken may have left something behind: the files themselves, compared one by one, say so.
  if (isCurrent({ ...marker, overtaken: undefined }, snapshot, view)) return undefined;
  const shown = marker.snapshot === null ? "no snapshot yet" : `snapshot ${marker.snapshot.sequence}`;
  return `${marker.applying === undefined ? "shows" : "is being written and showed"} ${shown}; the next run brings it up to date`;
}

async function* renderedFiles(
  { snapshot, view, problems }: MirrorCheck,
  type: TypeEntry,
  call: Call,
): AsyncIterable<{ readonly key: string; readonly file: Buffer }> {
  for (const segment of type.segments) {
    if (segment.sealed !== undefined) continue;
    const objects = await snapshot.segmentObjects(segment, call);
    for (const [index, state] of (await snapshot.segmentStates(segment, call)).entries()) {
      const line = objects[index]?.line;
      if (line === undefined || line.length > view.maxObjectBytes) continue;
      const file = rendered(view, type, { ...state, line }, problems);
      if (file !== undefined) yield { key: view.keys.of(type, state.key), file };
    }
  }
}

function rendered(
  view: MirrorView,
  type: TypeEntry,
  object: Parameters<MirrorView["render"]>[1],
  problems: VerifyProblem[],
): Buffer | undefined {
  try {
    return view.render(type, object);
  } catch {
    problems.push({ key: view.keys.of(type, object.key), problem: `${nameOf(type, object.key)} cannot be rendered` });
    return undefined;
  }
}

function nameOf(type: TypeEntry, key: ObjectKey): string {
  return `${typeName(type)} ${key}`;
}

async function differenceOf(store: ObjectReader, key: string, file: Buffer, call: Call): Promise<string | undefined> {
  const found = await store.get(key, call);
  if (found === undefined) return "is missing";
  const bytes = await readAtMost(found, file.length);
  return bytes?.equals(file) ? undefined : "differs from its object";
}
