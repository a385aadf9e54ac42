import { inspect } from "node:util";

/** Everything that a log, a terminal or a report could show of these values. */
export function shownOf(...values: readonly unknown[]): string {
  return values.flatMap(formsOf).join("\n");
}

function formsOf(value: unknown): readonly string[] {
  const forms = [inspect(value, { depth: 20, showHidden: true, getters: true }), String(value), jsonOf(value)];
  if (!(value instanceof Error)) return forms;
  return [...forms, value.stack ?? "", ...(value.cause === undefined ? [] : formsOf(value.cause))];
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // a circle, which nothing writes as JSON
  }
}
