import type { JsonObject, JsonValue } from "@kubeferry/model";

/** What the API server puts into an object where there is nothing, place by place. */
export interface Defaults {
  /** Given the map that the value would stand in. */
  readonly value?: (around: JsonObject) => JsonValue | undefined;
  readonly fields?: Readonly<Record<string, Defaults>>;
  /** Of each element of a list. */
  readonly element?: Defaults;
}

/** Always the same. */
export function always(value: JsonValue, fields?: Readonly<Record<string, Defaults>>): Defaults {
  return { value: () => value, ...(fields === undefined ? {} : { fields }) };
}

/** Nothing for the map itself, but for what is in it. */
export function inMap(fields: Readonly<Record<string, Defaults>>): Defaults {
  return { fields };
}

/** Nothing for the list itself, but for the fields of each of its elements. */
export function inEach(fields: Readonly<Record<string, Defaults>>): Defaults {
  return { element: { fields } };
}

/** The way down to defaults. */
export function below(way: readonly string[], inside: Defaults): Defaults {
  return way.reduceRight<Defaults>((inner, name) => ({ fields: { [name]: inner } }), inside);
}

/** Those of a field. */
export function fieldDefaults(defaults: Defaults | undefined, name: string): Defaults | undefined {
  const fields = defaults?.fields;
  return fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
