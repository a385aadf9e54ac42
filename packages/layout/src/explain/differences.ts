import { equalJson } from "@kubeferry/clean";
import { isJsonObject, type JsonValue } from "@kubeferry/model";

/** One field that two values differ in. */
export interface FieldDifference {
  /** "spec.template.spec.containers[0].image". */
  readonly field: string;
  /** Absent where there was nothing. */
  readonly before?: JsonValue;
  /** Absent where nothing is left. */
  readonly after?: JsonValue;
}

/** The smallest fields that differ, also of what is whole new or whole gone; lists of unlike length are one field. */
export function differences(before: JsonValue, after: JsonValue, field = ""): readonly FieldDifference[] {
  if (before === after) return [];
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => differencesAt(before[key], after[key], below(field, key)));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => differencesAt(item, after[index], `${field}[${index}]`));
  }
  return equalJson(before, after) ? [] : [{ field, before, after }];
}

function differencesAt(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  field: string,
): readonly FieldDifference[] {
  if (before !== undefined && after !== undefined) return differences(before, after, field);
  const only = before ?? after;
  if (!isJsonObject(only) || Object.keys(only).length === 0) {
    return [{ field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  }
  return Object.entries(only).flatMap(([key, value]) =>
    before === undefined
      ? differencesAt(undefined, value, below(field, key))
      : differencesAt(value, undefined, below(field, key)),
  );
}

function below(field: string, key: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(key)) return `${field}[${JSON.stringify(key)}]`;
  return field === "" ? key : `${field}.${key}`;
}
