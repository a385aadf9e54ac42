import type { JsonObject, JsonValue } from "@kubeferry/model";
import { type Problem, pointerOf } from "./problem.ts";

/** Texts that templates and interpreters would run, wherever they came to be read by one. */
const PATTERN = /eval\(|exec\(|__import__|subprocess|os\.system|\$\{|\{\{/;
const PATTERNS = new RegExp(PATTERN, "g");

/**
 * Looks through every text and every key: at most one problem for each pattern, at the first place.
 * @param object not nested more deeply than `checkLimits` lets pass
 */
export function checkPatterns(object: JsonObject, severity: Problem["severity"]): readonly Problem[] {
  const found = new Map<string, Problem>();
  const see = (text: string, path: readonly (string | number)[]): void => {
    if (!PATTERN.test(text)) return;
    for (const [pattern] of text.matchAll(PATTERNS)) {
      if (found.has(pattern)) continue;
      found.set(pattern, { severity, rule: "pattern", field: pointerOf(path), message: `holds "${pattern}"` });
    }
  };
  visit(object, [], see);
  return [...found.values()];
}

type See = (text: string, path: readonly (string | number)[]) => void;

function visit(value: JsonValue, path: (string | number)[], see: See): void {
  if (typeof value === "string") {
    see(value, path);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
    path.push(key);
    if (typeof key === "string") see(key, path);
    visit(item, path, see);
    path.pop();
  }
}
