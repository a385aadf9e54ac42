import { equalJson } from "@kubeferry/clean";
import { compareUtf8, isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { orderCounts } from "./built-in-fields.ts";
import type { FieldChange } from "./field-change.ts";
import type { FieldRules } from "./field-rules.ts";
import { type NamedElements, namedElements } from "./named-elements.ts";
import { sameQuantity } from "./quantity.ts";

/** A difference, before its path is written out and before anything is hidden. */
export type ValueChange = Omit<FieldChange, "path" | "hidden">;

/** What is below is compared as a whole: nothing that people write is nested so deeply, and the stack has an end. */
const DEEPEST = 300;

/** Two values that are looked at, and where. */
export interface Place {
  readonly rules: FieldRules;
  readonly path: readonly string[];
  report(path: readonly string[], change: ValueChange): void;
  /** What is known already of pairs: lists within lists would else be gone through again at every level. */
  readonly known: WeakMap<object, WeakMap<object, boolean>>;
  /** Nobody wants to know more than whether they differ. */
  readonly onlyWhether?: true;
}

/** Reports what differs between two values, field by field and element by element. @param before undefined where there is nothing */
export function compareValues(before: JsonValue | undefined, after: JsonValue | undefined, place: Place): void {
  const left = something(before, place.rules);
  const right = something(after, place.rules);
  const a = left === undefined ? emptyLike(right, place.rules) : left;
  const b = right === undefined ? emptyLike(left, place.rules) : right;
  const isDeep = place.path.length >= DEEPEST;
  if (isJsonObject(a) && isJsonObject(b) && !isDeep) compareFields(a, b, place);
  else if (Array.isArray(a) && Array.isArray(b) && !isDeep) compareLists(a, b, place);
  else if (!isSameWhole(a, b, place.rules)) place.report(place.path, changeOf(left, right));
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined, place: Place): boolean {
  if (typeof before !== "object" || before === null) return isSameUnseen(before, after, place);
  if (typeof after !== "object" || after === null) return isSameUnseen(before, after, place);
  const pairs = place.known.get(before) ?? new WeakMap<object, boolean>();
  place.known.set(before, pairs);
  const same = pairs.get(after) ?? isSameUnseen(before, after, place);
  pairs.set(after, same);
  return same;
}

function isSameUnseen(before: JsonValue | undefined, after: JsonValue | undefined, place: Place): boolean {
  const seen = { differs: false };
  const report = () => {
    seen.differs = true;
  };
  compareValues(before, after, { ...place, report, onlyWhether: true });
  return !seen.differs;
}

function compareFields(before: JsonObject, after: JsonObject, place: Place): void {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareUtf8);
  for (const name of names) {
    const rules = place.rules.field(name);
    const left = own(before, name);
    const right = own(after, name);
    const inside = { ...place, rules, path: [...place.path, name] };
    compareValues(filled(left, before, right, inside), filled(right, after, left, inside), inside);
  }
}

/**
 * What the API server would put where there is nothing, if that is what the other side has, or begins with. Another
 * value is said to be new: that there was a default before is no news.
 */
function filled(
  value: JsonValue | undefined,
  around: JsonObject,
  other: JsonValue | undefined,
  place: Place,
): JsonValue | undefined {
  const there = something(other, place.rules);
  if (something(value, place.rules) !== undefined || there === undefined) return value;
  const put = place.rules.default(around);
  if (put === undefined) return value;
  return (isJsonObject(put) && isJsonObject(there)) || isSame(put, there, place) ? put : value;
}

/** Where an empty map or list is as good as none, none is compared as an empty one: each entry is then said by itself. */
function emptyLike(other: JsonValue | undefined, rules: FieldRules): JsonValue | undefined {
  if (Array.isArray(other)) return rules.isNothing([]) ? [] : undefined;
  return isJsonObject(other) && rules.isNothing({}) ? {} : undefined;
}

function something(value: JsonValue | undefined, rules: FieldRules): JsonValue | undefined {
  return value === undefined || rules.isNothing(value) ? undefined : value;
}

/** By what tells their elements apart; by their places where nothing does. */
function compareLists(before: readonly JsonValue[], after: readonly JsonValue[], place: Place): void {
  const rule = place.rules.listRule([...before, ...after]);
  const rules = place.rules.element();
  const left = namedElements(before, rule, rules);
  const right = namedElements(after, rule, rules);
  if (left === undefined || right === undefined) {
    compareByPlace(before, after, { ...place, rules });
    return;
  }
  for (const name of [...new Set([...left.keys(), ...right.keys()])].sort(compareUtf8)) {
    compareValues(left.get(name), right.get(name), { ...place, rules, path: [...place.path, name] });
  }
  if (orderCounts(place.path.at(-1) ?? "", [...before, ...after])) compareOrder(left, right, place);
}

function compareOrder(left: NamedElements, right: NamedElements, { path, report }: Place): void {
  const before = [...left.keys()].filter((name) => right.has(name));
  const after = [...right.keys()].filter((name) => left.has(name));
  if (!equalJson(before, after)) report(path, { kind: "changed", before, after, order: true });
}

/** What both begin and end with is set aside, so that one element more is one change and not many. */
function compareByPlace(before: readonly JsonValue[], after: readonly JsonValue[], place: Place): void {
  const at = (index: number): Place => ({ ...place, path: [...place.path, String(index)] });
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start], at(start))) start++;
  if (place.onlyWhether === true) {
    if (start < Math.max(before.length, after.length)) place.report(place.path, { kind: "changed" });
    return;
  }
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end), at(start))) end++;
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    compareValues(left[index], right[index], at(start + index));
  }
}

function isSameWhole(left: JsonValue | undefined, right: JsonValue | undefined, rules: FieldRules): boolean {
  if (left === undefined || right === undefined) return left === right;
  return equalJson(left, right) || (rules.isQuantity && sameQuantity(left, right));
}

function changeOf(before: JsonValue | undefined, after: JsonValue | undefined): ValueChange {
  return {
    kind: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
