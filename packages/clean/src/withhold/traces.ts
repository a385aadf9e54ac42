import { Buffer } from "node:buffer";

/** Shorter texts turn up everywhere by chance, and are no secret by themselves. */
const MIN_LENGTH = 4;

/** How often a text inside a text is unescaped: an annotation may hold JSON that holds JSON. */
const ESCAPE_LEVELS = 3;

/** What gives a Secret's values away, in every form in which they are copied about. */
export type Traces = readonly string[];

/**
 * The forms of some values that must not be found elsewhere: base64 (padded or not, also URL-safe) and clear text, as
 * they are and without white space around them; each of 4 characters or more.
 * @param encoded values of `data`, in base64
 * @param clear values of `stringData`
 */
export function tracesOf(encoded: readonly string[], clear: readonly string[]): Traces {
  const traces = new Set<string>();
  for (const value of encoded)
    for (const form of forms(value, Buffer.from(value, "base64").toString("utf8"))) traces.add(form);
  for (const value of clear)
    for (const form of forms(Buffer.from(value, "utf8").toString("base64"), value)) traces.add(form);
  return [...traces].filter((trace) => trace.length >= MIN_LENGTH);
}

/**
 * True when a text holds one of the values, itself or JSON-escaped in whatever way.
 * @param raw the text as it stands in the line, a JSON string with its quotes
 * @param minLength traces shorter than this do not count
 */
export function holdsTrace(raw: string, traces: Traces, minLength = MIN_LENGTH): boolean {
  const wanted = traces.filter((trace) => trace.length >= minLength);
  let text = raw;
  for (let level = 0; level <= ESCAPE_LEVELS; level++) {
    if (wanted.some((trace) => text.includes(trace))) return true;
    const inner = unescaped(text);
    if (inner === text) return false;
    text = inner;
  }
  return false;
}

function forms(base64: string, clear: string): string[] {
  const bare = base64.trim().replace(/=+$/, "");
  return [base64, bare, bare.replaceAll("+", "-").replaceAll("/", "_"), clear, clear.trim()];
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Takes one level of JSON's escapes away, wherever in the text they are. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string) =>
    hex === undefined ? (SHORT_ESCAPES[char] ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
