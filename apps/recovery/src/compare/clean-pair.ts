import type { Cleaner } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import type { ComparisonOptions } from "./compare-objects.ts";
import { type FieldRules, rulesOf } from "./field-rules.ts";
import { namedElements } from "./named-elements.ts";

/** Two states of an object without what the cluster puts there by itself. */
export interface CleanedPair {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/**
 * Cleans two states of an object for a comparison. What cleaning takes from one of them stays when the other one still
 * has it: an address that somebody wrote down on one side is compared with the one that the cluster chose on the other.
 */
export function cleanPair(
  before: JsonObject,
  after: JsonObject,
  options: Pick<ComparisonOptions, "type" | "schema"> & { readonly cleaner: Cleaner },
): CleanedPair {
  const { cleaner, type } = options;
  const left = cleaner.clean(before, type);
  const right = cleaner.clean(after, type);
  const rules = rulesOf(type, options.schema);
  const wanted = (raw: JsonObject, { removed }: typeof left, other: JsonObject): ReadonlySet<string> =>
    new Set(removed.map(({ path }) => path).filter((path) => hasTwin(path, raw, other, rules)));
  const keepLeft = wanted(before, left, right.object);
  const keepRight = wanted(after, right, left.object);
  const again = (raw: JsonObject, keep: ReadonlySet<string>) =>
    cleaner.clean(raw, type, { keep: (pointer) => keep.has(pointer) }).object;
  return {
    before: keepLeft.size === 0 ? left.object : again(before, keepLeft),
    after: keepRight.size === 0 ? right.object : again(after, keepRight),
  };
}

/** Whether the other object has something where this one has the field that `pointer` names. */
function hasTwin(pointer: string, object: JsonObject, other: JsonObject, root: FieldRules): boolean {
  let at: { value: JsonValue | undefined; twin: JsonValue | undefined; rules: FieldRules } = {
    value: object,
    twin: other,
    rules: root,
  };
  for (const step of pointer.split("/").slice(1)) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    const { value, twin, rules } = at;
    at = Array.isArray(value)
      ? { value: value[Number(name)], twin: elementTwin(value, Number(name), twin, rules), rules: rules.element() }
      : { value: own(value, name), twin: own(twin, name), rules: rules.field(name) };
  }
  return at.twin !== undefined;
}

function elementTwin(
  list: readonly JsonValue[],
  index: number,
  other: JsonValue | undefined,
  rules: FieldRules,
): JsonValue | undefined {
  if (!Array.isArray(other)) return undefined;
  const rule = rules.listRule([...list, ...other]);
  const names = namedElements(list, rule, rules.element());
  const twins = namedElements(other, rule, rules.element());
  if (names === undefined || twins === undefined) return other[index];
  return twins.get([...names.keys()][index] ?? "");
}

function own(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
