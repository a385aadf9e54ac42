import { isJsonObject, type JsonValue } from "@kubeferry/model";

/**
 * A value with what stands at a path changed; "[]" is every item of a list. Where the way breaks off nothing changes,
 * and what did not change is the same object as before.
 */
export function editAt<Value extends JsonValue>(
  value: Value,
  path: readonly string[],
  change: (found: JsonValue) => JsonValue,
): Value;
export function editAt(
  value: JsonValue,
  [step, ...rest]: readonly string[],
  change: (found: JsonValue) => JsonValue,
): JsonValue {
  if (step === undefined) return change(value);
  if (step === "[]") return Array.isArray(value) ? editItems(value, (item) => editAt(item, rest, change)) : value;
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const before = value[step] as JsonValue;
  const after = editAt(before, rest, change);
  return after === before ? value : { ...value, [step]: after };
}

/** A list with every item changed; the same list where none did. */
export function editItems(list: JsonValue[], change: (item: JsonValue) => JsonValue): JsonValue[] {
  let edited = list;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const changed = change(item);
    if (changed === item) continue;
    if (edited === list) edited = [...list];
    edited[index] = changed;
  }
  return edited;
}

/** A text changed; anything else as it is. */
export function editText(change: (text: string) => string): (value: JsonValue) => JsonValue {
  return (value) => (typeof value === "string" ? change(value) : value);
}

/** A list of texts with each changed, and of equal ones only the first. */
export function editTexts(change: (text: string) => string): (value: JsonValue) => JsonValue {
  return (value) => {
    if (!Array.isArray(value)) return value;
    const changed = editItems(value, editText(change));
    return changed === value ? value : [...new Set(changed)];
  };
}
