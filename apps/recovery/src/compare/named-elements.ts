import { emitJson } from "@kubeferry/clean";
import { isJsonObject, type JsonValue } from "@kubeferry/model";
import type { FieldRules } from "./field-rules.ts";
import type { ListSchema } from "./schema/schema-node.ts";

/** Elements of a list by their names in paths: "name=web", "port=80,protocol=TCP", "=an element of a set". */
export type NamedElements = ReadonlyMap<string, JsonValue>;

/**
 * Names the elements of a list by what tells them apart.
 * @returns undefined where nothing does: a list by places, an element without its keys, two of one name
 */
export function namedElements(
  list: readonly JsonValue[],
  rule: ListSchema,
  element: FieldRules,
): NamedElements | undefined {
  if (rule.by === "place") return undefined;
  const named = new Map<string, JsonValue>();
  for (const item of list) {
    const name = rule.by === "set" ? `=${textOf(item)}` : nameByKeys(item, rule.keys, element);
    if (name === undefined || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

function nameByKeys(item: JsonValue, keys: readonly string[], element: FieldRules): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const parts: string[] = [];
  for (const key of keys) {
    const value = Object.hasOwn(item, key) ? item[key] : element.field(key).default(item);
    if (typeof value === "object") return undefined;
    // Of two keys one may be left out without a default; an element without any is none of a list with keys.
    if (value !== undefined) parts.push(`${key}=${String(value)}`);
  }
  return parts.length === 0 ? undefined : parts.join(",");
}

function textOf(item: JsonValue): string {
  return typeof item === "string" ? item : emitJson({ item }).replaceAll(/\s+/g, " ");
}
