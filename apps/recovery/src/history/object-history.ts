import type { Cleaner } from "@kubeferry/clean";
import { type Call, isJsonObject, type JsonObject, type ObjectKey, parseJson } from "@kubeferry/model";
import { type Snapshot, SnapshotError, type SnapshotSeries } from "@kubeferry/snapshot";
import { cleanPair } from "../compare/clean-pair.ts";
import { compareObjects } from "../compare/compare-objects.ts";
import type { FieldChange } from "../compare/field-change.ts";
import { createTypeSchemas, type TypeSchema } from "../compare/schema/type-schemas.ts";
import type { ComparedType } from "../sides/side.ts";
import { type Located, locate, readLocated } from "./locate.ts";

/** Something that happened to an object between one snapshot and the next. */
export interface HistoryEvent {
  readonly sequence: number;
  /** RFC 3339, UTC: when the snapshot was finished that shows it first. */
  readonly finishedAt: string;
  /**
   * "first-seen": it was there already, and nothing earlier is known. "recreated": deleted and made again between two
   * snapshots. "unknown": from here on it cannot be told what became of it, for `reason`.
   */
  readonly what: "first-seen" | "added" | "changed" | "recreated" | "removed" | "unknown";
  /** What changed in its content; empty where it is encrypted and cannot be opened. */
  readonly fields: readonly FieldChange[];
  readonly encrypted?: true;
  readonly reason?: string;
}

/** Whose history is told. */
export interface HistoryOptions {
  readonly series: SnapshotSeries;
  readonly type: ComparedType;
  readonly key: ObjectKey;
  readonly cleaner: Cleaner;
}

/**
 * When an object changed, and how, oldest first: its content as the mirror shows it, so that a status or a version that
 * ticks is no event. Of each snapshot the manifest is read, and what names the object only where something near it moved.
 */
export async function* objectHistory(options: HistoryOptions, call: Call): AsyncIterable<HistoryEvent> {
  const { series } = options;
  const walk: Walk = { known: undefined, earlier: "nothing", gap: undefined, schemaOf: createSchemas(options.type) };
  for await (const { sequence } of series.list(call)) {
    const snapshot = await readable(() => series.at(sequence, call));
    if ("problem" in snapshot) {
      // Pruned between the listing and the reading: as if it had never been listed.
      if (snapshot.problem.kind === "not-found") continue;
      yield* gapEvent(walk, { sequence, finishedAt: "" }, snapshot.problem.message);
    } else yield* eventsOf(snapshot, walk, options, call);
  }
}

interface Walk {
  /** The object as the last snapshot that tells of it has it. */
  known: Known | undefined;
  /** "nothing": no snapshot so far could tell whether it was there. */
  earlier: "nothing" | "told";
  /** Why the last snapshot does not tell. */
  gap: string | undefined;
  readonly schemaOf: (snapshot: Snapshot, call: Call) => Promise<TypeSchema | undefined>;
}

interface Known {
  readonly located: Located;
  /** Undefined where it is encrypted and cannot be opened. */
  readonly object: JsonObject | undefined;
}

async function* eventsOf(
  snapshot: Snapshot,
  walk: Walk,
  options: HistoryOptions,
  call: Call,
): AsyncIterable<HistoryEvent> {
  const { sequence, finishedAt } = snapshot.manifest;
  const moment = { sequence, finishedAt };
  const finding = await locate(snapshot, options.type, options.key, walk.known?.located, call);
  if (finding.is === "unknown") {
    yield* gapEvent(walk, moment, finding.reason);
    return;
  }
  const { known, earlier } = walk;
  Object.assign(walk, { earlier: "told", gap: undefined });
  if (finding.is === "absent") {
    walk.known = undefined;
    if (known !== undefined) yield { ...moment, what: "removed", fields: [] };
    return;
  }
  const { located } = finding;
  if (known !== undefined && isSameVersion(known.located, located)) {
    walk.known = { ...known, located };
    return;
  }
  const object = snapshot.isReadable(located.segment)
    ? asObject((await readLocated(snapshot, located, call)).toString("utf8"))
    : undefined;
  walk.known = { located, object };
  if (known === undefined) yield { ...moment, what: earlier === "nothing" ? "first-seen" : "added", fields: [] };
  else yield* changeEvent(moment, known, walk.known, { ...options, schema: await walk.schemaOf(snapshot, call) });
}

type When = Pick<HistoryEvent, "sequence" | "finishedAt">;

function* changeEvent(
  moment: When,
  before: Known,
  after: Known,
  { type, cleaner, schema }: HistoryOptions & { readonly schema: TypeSchema | undefined },
): Iterable<HistoryEvent> {
  const what = before.located.state.uid === after.located.state.uid ? "changed" : "recreated";
  if (before.object === undefined || after.object === undefined) {
    yield { ...moment, what, fields: [], encrypted: true };
    return;
  }
  const pair = cleanPair(before.object, after.object, { type, schema, cleaner });
  const wasSealed = [before, after].some(({ located }) => located.segment.sealed !== undefined);
  // A Secret's values are hidden field by field.
  const hideValues = wasSealed && !(type.group === "" && type.kind === "Secret");
  const fields = compareObjects(pair.before, pair.after, { type, schema, hideValues });
  if (fields.length > 0 || what === "recreated") yield { ...moment, what, fields };
}

/** Said once, however many snapshots in a row do not tell for the same reason. */
function* gapEvent(walk: Walk, moment: When, reason: string): Iterable<HistoryEvent> {
  if (walk.gap === reason) return;
  walk.gap = reason;
  yield { ...moment, what: "unknown", fields: [], reason };
}

async function readable(read: () => Promise<Snapshot>): Promise<Snapshot | { readonly problem: SnapshotError }> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SnapshotError) return { problem: error };
    throw error;
  }
}

function isSameVersion({ state }: Located, other: Located): boolean {
  return state.uid === other.state.uid && state.resourceVersion === other.state.resourceVersion;
}

function asObject(text: string): JsonObject {
  const object = parseJson(text);
  if (!isJsonObject(object)) throw new Error("a line of a segment is no object");
  return object;
}

/** The documents of the API are the same in most snapshots of a series: those of the last one that was asked stay. */
function createSchemas(type: ComparedType): Walk["schemaOf"] {
  const last: { sha256: string; schema: TypeSchema | undefined } = { sha256: "", schema: undefined };
  return async (snapshot, call) => {
    const { sha256 } = snapshot.manifest.api;
    if (last.sha256 === sha256) return last.schema;
    const version = snapshot.manifest.types.find(
      (each) => each.group === type.group && each.resource === type.resource,
    )?.version;
    const schemas = createTypeSchemas((await snapshot.api(call)).openapi);
    Object.assign(last, { sha256, schema: schemas.of({ ...type, version: version ?? type.version }) });
    return last.schema;
  };
}
