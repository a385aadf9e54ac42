import { Buffer } from "node:buffer";
import { holdsSecretManifest } from "./carried-secret.ts";
import { looksSecret, mayHoldTelling, suspicionOf } from "./key-names.ts";

/**
 * What a text of several parts holds of credentials by their names: a configuration in whatever format, a command.
 * Takes a time in proportion to its length.
 * @returns undefined when nothing is suspicious
 */
export function findInText(text: string): string | undefined {
  if (!/[:=>]/.test(text) || !mayHoldTelling(text)) return undefined;
  for (const [name, value] of pairsIn(text)) {
    const suspicion = suspicionOf(name);
    if (suspicion !== "none" && looksSecret(suspicion, value)) return "a credential by its name, in a line of it";
  }
  return holdsSecretManifest(text) ? "a Secret in it" : undefined;
}

/** A text of base64 without the white space in it; undefined for anything else, and for less than `least` of it. */
export function denseBase64(text: string, least: number): string | undefined {
  // Most texts end the search at one of their first characters, and are not copied.
  if (text.length < least || !/^[A-Za-z0-9+/=\s]*$/.test(text)) return undefined;
  const dense = text.replace(/\s/g, "");
  return dense.length >= least && /^[A-Za-z0-9+/]+={0,2}$/.test(dense) ? dense : undefined;
}

/** The text in a text of base64; undefined for anything else. */
export function decodedText(text: string): string | undefined {
  const dense = denseBase64(text, 16);
  if (dense === undefined) return undefined;
  const bytes = Buffer.from(dense, "base64");
  const decoded = bytes.toString("utf8");
  return /[\0\uFFFD]/.test(decoded) ? undefined : decoded;
}

/** A line beyond this length is not written by hand: its pairs are looked for, but not what is the rest of a line. */
const LONGEST_LINE = 2_000;

/** "key: value", "key=value" and "--key=value", as a line of its own; the value may hold anything. */
const LINE = /^\s*(?:-{1,2}|- +|export\s+)?["']?([A-Za-z][\w.-]{2,80})["']?\s*[:=]\s*(.+)$/;

/** The same within a line: `key=value;`, `"key":"value"`, `<key>value</key>`. */
const PAIRS = [
  /(?<![\w.-])([A-Za-z][\w.-]{2,80})=(?![=~])["']?([^\s"'<>,;&]{4,200})/g,
  /(?<![\w.-])([A-Za-z][\w.-]{2,80})\\?["']\s{0,3}:\s{0,3}\\?["']([^\s"'\\]{4,200})/g,
  /<([A-Za-z][\w.-]{2,80})>([^\s<]{4,200})<\//g,
];

const COMMENT = /^\s*(#|\/\/|;|<!--)/;

/** Pairs whose names may say something of their values. */
function* pairsIn(text: string): Generator<readonly [string, string]> {
  for (const line of linesOf(text)) {
    if (!/[:=>]/.test(line) || !mayHoldTelling(line) || COMMENT.test(line)) continue;
    const whole = line.length > LONGEST_LINE ? null : LINE.exec(line);
    if (whole?.[1] !== undefined && whole[2] !== undefined) {
      yield [whole[1], whole[2].replace(/^["']|["'],?\s*$|,\s*$/g, "")];
    }
    for (const pattern of PAIRS) {
      for (const [, name = "", value = ""] of line.matchAll(pattern)) yield [name, value];
    }
  }
}

/** One after the other: a text of a million lines would be a list of a million texts. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf("\n", from);
    yield text.slice(from, end < 0 ? undefined : end);
    if (end < 0) return;
    from = end + 1;
  }
}
