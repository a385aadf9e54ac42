import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** One value that one side has and the other has not, or has otherwise. */
export interface LeafDifference {
  /** JSON Pointer with `*` for places in lists: "/spec/ports/*\/protocol". */
  readonly pattern: string;
  readonly value: JsonValue;
}

/** Every value of `left` that `right` lacks at the same place, or has otherwise. Empty maps and lists are values. */
export function lacking(left: JsonObject, right: JsonObject): LeafDifference[] {
  const there = new Map(leaves(right, ""));
  return [...leaves(left, "")]
    .filter(([path, value]) => there.get(path) !== value)
    .map(([path, value]) => ({ pattern: path.replaceAll(/\/\d+(?=\/|$)/g, "/*"), value }));
}

function* leaves(value: JsonValue, path: string): Generator<readonly [string, JsonValue]> {
  const members = Array.isArray(value) ? value.entries() : isJsonObject(value) ? Object.entries(value) : undefined;
  if (members === undefined) return yield [path, value];
  let empty = true;
  for (const [step, member] of members) {
    empty = false;
    yield* leaves(member, `${path}/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`);
  }
  if (empty) yield [path, Array.isArray(value) ? "[]" : "{}"];
}
