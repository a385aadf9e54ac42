import type { JsonValue } from "@kubeferry/model";
import { MAX_IMPLICIT_KEY, sortedKeys } from "./keys.ts";
import { bareScalar, quoted, unwritable } from "./scalar.ts";

/** The API server's JSON decoder and Go's YAML parsers both give up beyond this nesting. */
export const MAX_DEPTH = 10_000;

type Task = { readonly text: string } | { readonly value: JsonValue; readonly depth: number };

/**
 * Writes a value on one line, in braces and brackets, strings always quoted. Works with a pile of tasks instead of
 * recursion, so that the deepest legal object does not exhaust the stack.
 * @param depth how many maps and lists are around the value
 * @throws CleanError "invalid"
 */
export function toFlow(value: JsonValue, depth: number): string {
  const tasks: Task[] = [{ value, depth }];
  let out = "";
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    out += "text" in task ? task.text : opened(task.value, task.depth, tasks);
  }
  return out;
}

/** The text of a scalar, or the opening of a collection whose parts go onto the pile, last first. */
function opened(value: JsonValue, depth: number, tasks: Task[]): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return bareScalar(value);
  if (depth >= MAX_DEPTH) throw unwritable();
  if (Array.isArray(value)) {
    tasks.push({ text: "]" });
    for (let index = value.length - 1; index >= 0; index--) {
      tasks.push({ value: value[index] as JsonValue, depth: depth + 1 });
      if (index > 0) tasks.push({ text: ", " });
    }
    return "[";
  }
  tasks.push({ text: "}" });
  const keys = sortedKeys(value);
  for (const key of keys.toReversed()) {
    const name = quoted(key);
    const mark = name.length > MAX_IMPLICIT_KEY ? "? " : "";
    tasks.push({ value: value[key] as JsonValue, depth: depth + 1 });
    tasks.push({ text: `${key === keys[0] ? "" : ", "}${mark}${name}: ` });
  }
  return "{";
}
