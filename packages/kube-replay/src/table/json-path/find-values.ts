import { isJsonObject, type JsonValue } from "@kubeferry/model";
import { compares } from "./compares.ts";
import type { Filter, Path, PathNode, Slice } from "./path-node.ts";

/**
 * What a path leads to in a value, in order.
 * @returns "none" where the API server gives up (an index out of bounds, a filter on what is no list): the cell is empty
 */
export function findValues(value: JsonValue, path: Path): readonly JsonValue[] | "none" {
  let found: readonly JsonValue[] = [value];
  for (const node of path) {
    const next = step(found, node);
    if (next === "none") return "none";
    found = next;
  }
  return found;
}

function step(input: readonly JsonValue[], node: PathNode): readonly JsonValue[] | "none" {
  switch (node.kind) {
    case "field":
      return input.flatMap((value) => fieldOf(value, node.name));
    case "wildcard":
      return input.flatMap(membersOf);
    case "recursive":
      return input.flatMap(withAllBelow);
    case "literal":
      return input.map(() => node.value);
    case "slice":
      return collect(input, (value) => sliced(value, node.slice));
    case "filter":
      return collect(input, (value) => filtered(value, node.filter));
    case "union":
      return collect(node.paths, (path) => collect(input, (value) => findValues(value, path)));
    default:
      return node satisfies never;
  }
}

function collect<Item>(
  items: readonly Item[],
  find: (item: Item) => readonly JsonValue[] | "none",
): readonly JsonValue[] | "none" {
  const found: JsonValue[] = [];
  for (const item of items) {
    const values = find(item);
    if (values === "none") return "none";
    found.push(...values);
  }
  return found;
}

function fieldOf(value: JsonValue, name: string): JsonValue[] {
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return [];
  const field = value[name];
  return field === undefined ? [] : [field];
}

function membersOf(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** The value and everything below it that has members itself. */
function withAllBelow(value: JsonValue): JsonValue[] {
  const members = membersOf(value);
  return members.length === 0 ? [] : [value, ...members.flatMap(withAllBelow)];
}

function sliced(value: JsonValue, slice: Slice): readonly JsonValue[] | "none" {
  if (value === null) return [];
  if (!Array.isArray(value)) return "none";
  const { length } = value;
  const start = fromEnd(slice.start ?? 0, length);
  const end = slice.isIndex ? start + 1 : fromEnd(slice.end ?? length, length);
  const step = slice.step ?? 1;
  if (start === end) return [];
  if (start < 0 || start >= length || end < 0 || end > length || start > end || step <= 0) return "none";
  return value.slice(start, end).filter((_, index) => index % step === 0);
}

function fromEnd(index: number, length: number): number {
  return index < 0 ? index + length : index;
}

function filtered(value: JsonValue, filter: Filter): readonly JsonValue[] | "none" {
  if (!Array.isArray(value)) return "none";
  return collect(value, (member) => {
    const passes = isMatch(member, filter);
    if (passes === "none") return "none";
    return passes ? [member] : [];
  });
}

function isMatch(member: JsonValue, { left, operator, right }: Filter): boolean | "none" {
  const lefts = findValues(member, left);
  if (operator === undefined) return lefts !== "none" && lefts.length > 0;
  if (lefts === "none" || lefts.length > 1) return "none";
  const [leftValue] = lefts;
  if (leftValue === undefined) return false;
  const rights = findValues(member, right);
  if (rights === "none" || rights.length > 1) return "none";
  const [rightValue] = rights;
  return rightValue === undefined ? false : compares(leftValue, operator, rightValue);
}
