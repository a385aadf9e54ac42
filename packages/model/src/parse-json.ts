import type { JsonValue } from "./json.ts";

/** So many digits in a row or more: only then can an integer be too large for a double. */
const LONG_DIGITS = 16;

/**
 * Parses JSON without losing 64-bit integers: those outside the safe range come back as `bigint`.
 * Texts without a run of sixteen digits take the plain, fast path.
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseJson(text: string): JsonValue {
  if (!hasLongDigits(text)) return JSON.parse(text) as JsonValue;
  return JSON.parse(text, exactInteger as Parameters<typeof JSON.parse>[1]) as JsonValue;
}

// The third argument (source text access) is in V8 since Node 21, but not yet in TypeScript's declarations.
function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

/** Of as many characters in a row as make long digits, one stands at a multiple of their number: the others are passed by. */
function hasLongDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += LONG_DIGITS) {
    if (!isDigit(text, at)) continue;
    let first = at;
    while (first > 0 && isDigit(text, first - 1)) first--;
    let end = at + 1;
    while (end < text.length && isDigit(text, end)) end++;
    if (end - first >= LONG_DIGITS) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
