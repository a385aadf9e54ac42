import { CleanError } from "../clean-error.ts";
import { isPlainForm } from "./plain-form.ts";

/** Words that some YAML 1.1 or 1.2 parser reads as a boolean, null or number, in whatever case. */
const MISREAD: ReadonlySet<string> = new Set([
  "y",
  "n",
  "yes",
  "no",
  "on",
  "off",
  "true",
  "false",
  "null",
  "nan",
  "inf",
  "infinity",
]);
const LONGEST_MISREAD = 8;

/**
 * JSON's escapes leave these raw, and Go's YAML parsers refuse them or read them as line breaks: DEL, C1 with NEL,
 * the Unicode line and paragraph separators, the byte order mark, the two non-characters. Surrogates: to be checked.
 */
const BEYOND_JSON = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]/;
const TO_ESCAPE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * What keeps a text out of a block literal: any character that would need an escape, blanks at the end of a line
 * (editors drop them), a first line that starts with a blank, tab or break (it decides the indentation), and more than
 * one break at the end (it would need "|+" and a file that ends in empty lines).
 */
const NOT_LITERAL = /[^\P{Cc}\t\n]|[\u2028\u2029\ufeff\ufffe\uffff]|[ \t](?:\n|$)|^[ \t\n]|\n\n$/u;

const FILLED_LINE = /\n(?!\n)/g;

/** A string on one line: plain where no parser could misread it, else in double quotes. @throws CleanError "invalid" */
export function inlineString(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

/** A string in double quotes, readable as YAML 1.1, YAML 1.2 and JSON. @throws CleanError "invalid" */
export function quoted(text: string): string {
  const json = JSON.stringify(text);
  if (!BEYOND_JSON.test(text)) return json;
  if (!text.isWellFormed()) throw unwritable();
  return json.replace(TO_ESCAPE, escaped);
}

/**
 * A string as value: a block literal where it has lines and is provably safe as one.
 * @param around a line break and the indentation of what the value stands in
 * @throws CleanError "invalid"
 */
export function stringValue(text: string, around: string): string {
  if (isPlain(text)) return text;
  if (!text.includes("\n") || NOT_LITERAL.test(text) || !text.isWellFormed()) return quoted(text);
  const lead = `${around}  `;
  const kept = text.endsWith("\n");
  // Empty lines get no indentation: blanks at their ends would be noise in every diff.
  const lines = (kept ? text.slice(0, -1) : text).replace(FILLED_LINE, lead);
  return `${kept ? "|" : "|-"}${lead}${lines}`;
}

/** Everything that is neither text nor collection. @throws CleanError "invalid" for what JSON does not know */
export function bareScalar(value: unknown): string {
  switch (typeof value) {
    case "number":
      return numberText(value);
    case "boolean":
    case "bigint":
      return String(value);
    default:
      if (value === null) return "null";
      throw unwritable();
  }
}

/** Thrown deep inside, without a path; `emitYaml` finds out where and why. */
export function unwritable(): CleanError {
  return new CleanError({ kind: "invalid", who: "yaml", operation: "write a value", problem: "YAML cannot carry it" });
}

/** A number so that YAML 1.1 and 1.2 read the same one back. @throws CleanError "invalid" for NaN and infinities */
function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) throw unwritable();
  // The shortest digits, with an exponent from 1e21 on: as Go's JSON encoder, so that both name the same number.
  const text = String(value);
  // YAML 1.1 wants a point in front of an exponent.
  return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
}

/** Whether a text is written without quotes. */
export function isPlain(text: string): boolean {
  return isPlainForm(text) && (text.length > LONGEST_MISREAD || !MISREAD.has(text.toLowerCase()));
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
