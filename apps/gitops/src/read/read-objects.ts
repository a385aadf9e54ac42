import { type Call, type JsonObject, type JsonValue, parseJson, splitObjectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { GitRef } from "../git-ref.ts";
import { envelopeProblem, nameProblem } from "../validate/envelope.ts";
import type { Source } from "./open-sources.ts";

/** One object of a snapshot: parsed, or encrypted to somebody else, and then known by its name alone. */
export type ReadObject = OpenObject | SealedObject;

/** An object with its content. */
export interface OpenObject extends NamedObject {
  readonly sealed: false;
  readonly object: JsonObject;
  /** It is encrypted in the snapshot, and was opened here: it must not go on in clear. */
  readonly wasSealed: boolean;
}

/** An object that is in the snapshot and cannot be read: that is not the same as one that is gone. */
export interface SealedObject extends NamedObject {
  readonly sealed: true;
}

interface NamedObject {
  /** `Source.id`. */
  readonly source: string;
  readonly type: TypeEntry;
  readonly ref: GitRef;
}

/** Told of what is in a snapshot and is not the object it should be, and why, as half a sentence. */
export type OnBroken = (ref: GitRef, problem: string) => void;

/**
 * The objects of the selected types in the snapshot's order, one segment in memory at a time.
 * @param onBroken left out: whatever is no object is passed over, for a reader that is not the first
 * @throws SnapshotError "damaged" at the segment whose bytes are not what the manifest says
 */
export async function* readObjects(
  source: Source,
  select: (type: TypeEntry) => boolean,
  call: Call,
  onBroken: OnBroken = () => undefined,
): AsyncIterable<ReadObject> {
  for await (const read of source.snapshot.objects(select, call)) {
    const { type, key } = read;
    const ref = {
      group: type.group,
      resource: type.resource,
      kind: type.kind,
      ...splitObjectKey(key, type.namespaced),
    };
    const named = { source: source.id, type, ref };
    const content = read.readable ? parsed(read.line.toString("utf8")) : undefined;
    const problem =
      nameProblem(type, ref) ?? (content && (content.problem ?? envelopeProblem(content.value, type, ref)));
    if (problem !== undefined) onBroken(ref, problem);
    else if (!read.readable || content === undefined) yield { ...named, sealed: true };
    else yield { ...named, sealed: false, object: content.value as JsonObject, wasSealed: read.wasSealed };
  }
}

function parsed(line: string): { readonly value: JsonValue; readonly problem?: string } {
  try {
    return { value: parseJson(line) };
  } catch (error) {
    // A RangeError: nested so deeply that the parser's own stack ends.
    if (error instanceof SyntaxError || error instanceof RangeError) return { value: null, problem: "it is no JSON" };
    throw error;
  }
}
