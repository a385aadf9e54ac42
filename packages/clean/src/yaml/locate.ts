import type { JsonValue } from "@kubeferry/model";
import { CleanError } from "../clean-error.ts";
import { type Path, toPointer } from "../path.ts";
import { MAX_DEPTH } from "./flow.ts";

/** Of a longer path only the beginning is shown: one of 10,000 steps helps nobody. */
const MAX_SHOWN_STEPS = 40;

/**
 * Says which value could not be written and why. Walked only after a failure, so that writing carries no path along.
 * The value itself is not shown: it may be secret.
 */
export function locateUnwritable(root: JsonValue, cause: CleanError): CleanError {
  const pending: { readonly value: JsonValue; readonly path: Path }[] = [{ value: root, path: [] }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, path } = next;
    const problem = problemWith(value, path.length);
    if (problem !== undefined) return located(path, problem, cause);
    if (typeof value !== "object" || value === null) continue;
    for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(value)) {
      const innerPath = [...path, key];
      if (typeof key === "string" && !key.isWellFormed())
        return located(path, "a key holds half a surrogate pair", cause);
      pending.push({ value: inner, path: innerPath });
    }
  }
  return cause;
}

function problemWith(value: JsonValue, depth: number): string | undefined {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? undefined : "the text holds half a surrogate pair";
    case "number":
      return Number.isFinite(value) ? undefined : "the number is not finite";
    case "boolean":
    case "bigint":
      return undefined;
    case "object":
      return value !== null && depth >= MAX_DEPTH ? `it is nested more than ${MAX_DEPTH} levels deep` : undefined;
    default:
      return `JSON has no ${typeof value}`;
  }
}

function located(path: Path, problem: string, cause: CleanError): CleanError {
  const shown = toPointer(path.slice(0, MAX_SHOWN_STEPS)) + (path.length > MAX_SHOWN_STEPS ? "/…" : "");
  return new CleanError({
    kind: "invalid",
    who: "yaml",
    operation: `write the value at "${shown}"`,
    problem,
    next: "no API server sends this; look at what made the object",
    cause,
  });
}
