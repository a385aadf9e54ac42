import type { Buffer } from "node:buffer";
import type { Call, Failure } from "@kubeferry/model";
import { compareSnapshots, type SideState, type StatePair } from "../diff/compare.ts";
import { isSecrets } from "../is-secrets.ts";
import type { SegmentRef } from "../manifest.ts";
import { type MirrorView, NO_MIRROR, type Snapshot, sameVersion } from "../snapshots.ts";
import { renderFailure } from "../writer/render-states.ts";
import type { RenderedFiles } from "./rendered-files.ts";

/** One file to put, or (without `file`) to delete. */
export interface MirrorEdit {
  readonly key: string;
  readonly file?: Buffer;
}

/** From what may be in the mirror to what shall be. */
export interface EditRequest {
  /** What files may hold; undefined: there are none. */
  readonly base: Snapshot | undefined;
  readonly target: Snapshot;
  readonly view: MirrorView;
  /**
   * "differences": base and target were rendered the way the view renders, so only what differs is written.
   * "everything": every file of the target is written.
   * "removals": only files of the base that the target has not are deleted.
   */
  readonly extent: "differences" | "everything" | "removals";
  /** What was rendered while the target was taken. */
  readonly rendered?: RenderedFiles | undefined;
  /** Objects that could not be rendered; they have no file. */
  readonly failures: Failure[];
}

/** Yields the edits, in the order of types and keys, holding one segment of the target in memory. */
export async function* mirrorEdits(request: EditRequest, call: Call): AsyncIterable<MirrorEdit> {
  const breadth = request.extent === "differences" ? "differences" : "everything";
  const files = createFileSource(request);
  for await (const pair of compareSnapshots(request.base, request.target, breadth, call)) {
    const edit = await editOf(request, pair, files, call);
    if (edit !== undefined) yield edit;
  }
}

async function editOf(
  request: EditRequest,
  pair: StatePair,
  files: FileSource,
  call: Call,
): Promise<MirrorEdit | undefined> {
  const { before, after } = pair;
  const keyOf = ({ type }: SideState) => request.view.keys.of(type, pair.key);
  const had = before !== undefined && mayHaveFile(request.base, before);
  if (after !== undefined && !isSealed(after) && isWritten(request, before, after)) {
    const file = await files.of(after, call);
    if (file !== undefined) return { key: keyOf(after), file };
    return had ? { key: keyOf(after) } : undefined;
  }
  if (!had || before === undefined) return undefined;
  return after !== undefined && hasFile(request.target, after) ? undefined : { key: keyOf(before) };
}

/** Says whether the target's file is rendered and put, whatever stands there. */
function isWritten(request: EditRequest, before: SideState | undefined, after: SideState): boolean {
  if (request.extent === "everything" || !isStateOfFile(after)) return true;
  if (request.extent === "removals" || !hasFile(request.target, after)) return false;
  if (before === undefined || !isStateOfFile(before)) return true;
  if (isSecrets(after.type)) return !sameVersion(before.state, after.state);
  return before.state.mirror !== after.state.mirror;
}

/** What is encrypted is in no file, and nobody here could open it. */
function isSealed({ segment }: SideState): boolean {
  return segment.sealed !== undefined;
}

function hasFile(snapshot: Snapshot, side: SideState): boolean {
  if (isSealed(side)) return false;
  if (isSecrets(side.type)) return snapshot.manifest.secrets === "plain";
  return side.state.mirror !== undefined;
}

function mayHaveFile(base: Snapshot | undefined, side: SideState): boolean {
  if (base === undefined || isSealed(side)) return false;
  if (isSecrets(side.type)) return hasFile(base, side);
  return hasFile(base, side) || !isStateOfFile(side) || base.manifest.mirror === NO_MIRROR.fingerprint;
}

// The state of a carried type says how its files were rendered when it was last read, which may be another way than
// the files in the mirror have been rendered since.
function isStateOfFile(side: SideState): boolean {
  return side.type.captured.status === "read";
}

/** Gives the file of an object of the target; undefined when it has none. */
interface FileSource {
  of(after: SideState, call: Call): Promise<Buffer | undefined>;
}

/** Files come from those that the capture kept where a state says what they hold, else they are rendered from the segment. */
function createFileSource({ target, view, rendered, failures }: EditRequest): FileSource {
  const lines = createLineReader(target);
  const statesFit = target.manifest.mirror === view.fingerprint;
  return {
    async of(after, call) {
      const { key, uid, resourceVersion, mirror } = after.state;
      if (mirror !== undefined && statesFit && isStateOfFile(after)) {
        const kept = await rendered?.take(mirror);
        if (kept !== undefined) return kept;
      }
      const line = await lines.read(after.segment, after.index, call);
      if (line.length > view.maxObjectBytes) return undefined;
      try {
        return view.render(after.type, { key, uid, resourceVersion, line });
      } catch (error) {
        failures.push(renderFailure(after.type, key, error));
        return undefined;
      }
    },
  };
}

/** Reads single lines, keeping the segment of the last one: edits come in the order of segments. */
interface LineReader {
  read(segment: SegmentRef, index: number, call: Call): Promise<Buffer>;
}

function createLineReader(snapshot: Snapshot): LineReader {
  let held: { readonly sha256: string; readonly lines: readonly { readonly line: Buffer }[] } | undefined;
  return {
    async read(segment, index, call) {
      if (held?.sha256 !== segment.sha256) {
        held = undefined;
        held = { sha256: segment.sha256, lines: await snapshot.segmentObjects(segment, call) };
      }
      const found = held.lines[index];
      if (found === undefined) throw new RangeError(`segment ${segment.sha256} has no line ${index + 1}`);
      return found.line;
    },
  };
}
