import { type Call, type JsonObject, parseJson, splitObjectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { GitRef } from "../git-ref.ts";
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

/**
 * The objects of the selected types in the snapshot's order, one segment in memory at a time.
 * @throws SnapshotError "damaged" at the segment whose bytes are not what the manifest says
 */
export async function* readObjects(
  source: Source,
  select: (type: TypeEntry) => boolean,
  call: Call,
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
    if (!read.readable) yield { ...named, sealed: true };
    else {
      const object = parseJson(read.line.toString("utf8")) as JsonObject;
      yield { ...named, sealed: false, object, wasSealed: read.wasSealed };
    }
  }
}
