import { isDeepStrictEqual } from "node:util";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  type ResourceType,
  typeName,
} from "@kubeferry/model";
import type { CapturedObject, Snapshot } from "@kubeferry/snapshot";

/** Earlier captures of one type, asked for in the order of keys. */
export interface EarlierCaptures {
  /** What an earlier snapshot has of this object, if nothing but its status moved since. */
  unlessMoved(object: CapturedObject): Promise<CapturedObject | undefined>;
  close(): Promise<void>;
}

/**
 * Opens what the parent snapshot has of a type.
 * @returns undefined when it has nothing that was captured in the same way
 */
export function openEarlier(
  parent: Snapshot | undefined,
  type: ResourceType,
  capture: string,
  call: Parameters<Snapshot["objects"]>[1],
): EarlierCaptures | undefined {
  const name = typeName(type);
  const entry = parent?.manifest.types.find((known) => typeName(known) === name);
  if (parent === undefined || entry === undefined || parent.manifest.capture !== capture) return undefined;
  if (entry.captured.status !== "read" || entry.version !== type.version || entry.kind !== type.kind) return undefined;
  const lines = parent.objects((known) => typeName(known) === name, call)[Symbol.asyncIterator]();
  let at = lines.next();
  return {
    async unlessMoved(object) {
      for (let next = await at; !next.done; next = await at) {
        const order = Buffer.compare(Buffer.from(next.value.key), Buffer.from(object.key));
        // Encrypted since it looked like a credential: it is written as it is now.
        if (order === 0) return next.value.readable ? keptFrom(next.value.line, object) : undefined;
        if (order > 0) return undefined;
        at = lines.next();
      }
      return undefined;
    },
    async close() {
      await at.catch(ignore);
      await lines.return?.();
    },
  };
}

function ignore(): void {
  // Whoever asked has seen the error already.
}

function keptFrom(line: Buffer, object: CapturedObject): CapturedObject | undefined {
  const before = parseJson(line.toString("utf8")) as JsonObject;
  const { uid, resourceVersion } = metadataOf(before);
  if (uid !== object.uid || typeof resourceVersion !== "string") return undefined;
  const after = parseJson(object.line.toString("utf8")) as JsonObject;
  if (resourceVersion === object.resourceVersion || !isDeepStrictEqual(withoutStatus(before), withoutStatus(after))) {
    return undefined;
  }
  return { ...object, resourceVersion, line };
}

/**
 * An object without what a write to its status moves: status, resourceVersion, and the managers of the status
 * subresource. All else counts, `generation`, labels, annotations and the managers of the other fields included.
 */
function withoutStatus(object: JsonObject): JsonObject {
  const { status: _status, metadata: _metadata, ...rest } = object;
  const { resourceVersion: _version, managedFields, ...metadata } = metadataOf(object);
  const managers = Array.isArray(managedFields) ? managedFields.filter((entry) => !managesStatus(entry)) : [];
  return { ...rest, metadata: { ...metadata, managedFields: managers } };
}

function managesStatus(entry: JsonValue): boolean {
  return isJsonObject(entry) && entry.subresource === "status";
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return isJsonObject(metadata) ? metadata : {};
}
