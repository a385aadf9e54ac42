import type { JsonValue } from "./json.ts";

/** Sixteen or more digits in a row: only then can an integer be too large for a double. */
const LONG_DIGITS = /\d{16}/;

/**
 * Parses JSON without losing 64-bit integers: those outside the safe range come back as `bigint`.
 * Texts without a run of sixteen digits take the plain, fast path.
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseJson(text: string): JsonValue {
  if (!LONG_DIGITS.test(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(text, exactInteger as Parameters<typeof JSON.parse>[1]) as JsonValue;
}

// The third argument (source text access) is in V8 since Node 21, but not yet in TypeScript's declarations.
function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}
