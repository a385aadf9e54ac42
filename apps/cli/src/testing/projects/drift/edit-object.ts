import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** By JSON pointer, the value that shall be there; undefined takes it away, a last step "-" adds to a list. */
export type Edits = Readonly<Record<string, JsonValue | undefined>>;

/** An object with other values in some places. @throws where a place has nothing to be put into or to take away */
export function edited(object: JsonObject, edits: Edits): JsonObject {
  return Object.entries(edits).reduce<JsonObject>((before, [pointer, value]) => {
    const after = put(before, pointer.split("/").slice(1).map(unescaped), value, pointer);
    return isJsonObject(after) ? after : before;
  }, object);
}

function put(
  holder: JsonValue | undefined,
  [step = "", ...rest]: readonly string[],
  value: JsonValue | undefined,
  pointer: string,
): JsonValue {
  if (!Array.isArray(holder) && !isJsonObject(holder)) throw new Error(`${pointer} leads nowhere`);
  const found = Array.isArray(holder) ? holder[Number(step)] : Object.hasOwn(holder, step) ? holder[step] : undefined;
  const inner = rest.length === 0 ? value : put(found, rest, value, pointer);
  if (inner === undefined && found === undefined) throw new Error(`${pointer} is not there, and cannot go`);
  if (!Array.isArray(holder)) {
    const others = Object.entries(holder).filter(([key]) => key !== step);
    return Object.fromEntries(inner === undefined ? others : [...others, [step, inner]]);
  }
  const place = step === "-" ? holder.length : Number(step);
  return inner === undefined ? holder.toSpliced(place, 1) : holder.toSpliced(place, 1, inner);
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
