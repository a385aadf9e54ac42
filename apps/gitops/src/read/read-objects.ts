import { type Call, type JsonObject, parseJson, splitObjectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { GitRef } from "../git-ref.ts";
import type { Source } from "./open-sources.ts";

/** One object of a snapshot, parsed. */
export interface ReadObject {
  /** `Source.id`. */
  readonly source: string;
  readonly type: TypeEntry;
  readonly ref: GitRef;
  readonly object: JsonObject;
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
  for await (const { type, key, line } of source.snapshot.objects(select, call)) {
    const ref = {
      group: type.group,
      resource: type.resource,
      kind: type.kind,
      ...splitObjectKey(key, type.namespaced),
    };
    yield { source: source.id, type, ref, object: parseJson(line.toString("utf8")) as JsonObject };
  }
}
