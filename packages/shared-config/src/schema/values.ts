import { Secret } from "@kubeferry/model";
import { z } from "zod";

/** What a key says of itself beside its type. */
export interface KeyNotes {
  /** For people; stands in the reference, in the JSON schema and in editors. */
  readonly description: string;
}

/** Text, at least one character. */
export function text(notes: KeyNotes) {
  return z
    .string()
    .min(1, "must not be empty")
    .meta({ ...notes });
}

/** Text of a given form; `expected` completes "expected …". */
export function textLike(pattern: RegExp, expected: string, notes: KeyNotes) {
  return z
    .string()
    .regex(pattern, `expected ${expected}`)
    .meta({ ...notes });
}

/** A value that never prints. In the JSON schema it is `writeOnly`, which is also how messages know to hide it. */
export function secret(notes: KeyNotes) {
  return z
    .string()
    .min(1, "must not be empty")
    .transform((value) => new Secret(value))
    .meta({ ...notes, writeOnly: true });
}

/** A path on this machine; a relative one counts from the file it stands in. `loading` resolves it before the schema sees it. */
export function filePath(notes: KeyNotes) {
  return z
    .string()
    .min(1, "must not be empty")
    .meta({ ...notes, "x-path": "always" });
}

/** true or false; environment variables and `${…}` can only carry the words. */
export function flag(notes: KeyNotes) {
  return z.preprocess((value) => truthOf(value), z.boolean()).meta({ ...notes });
}

function truthOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value.toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : value;
}

/** A whole number within bounds; digits in a text count too. */
export function whole(bounds: { readonly min: number; readonly max: number }, notes: KeyNotes) {
  return z.preprocess(wholeOf, z.number().int().min(bounds.min).max(bounds.max)).meta({ ...notes });
}

function wholeOf(value: unknown): unknown {
  return typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

/** One of a closed set of words, in any case. `refused`: words that are understood and not taken, with the message why. */
export function choice<const Words extends readonly [string, ...string[]]>(
  words: Words,
  notes: KeyNotes,
  refused: Readonly<Record<string, string>> = {},
) {
  const known = z.enum(words, { error: ({ input }) => (typeof input === "string" ? refused[input] : undefined) });
  return z.preprocess((value) => (typeof value === "string" ? value.toLowerCase() : value), known).meta({ ...notes });
}

const DURATION = /^(\d+(\.\d+)?(ms|s|m|h|d))+$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration with units ("500ms", "5s", "1m30s", as Go writes them, and "30d") that becomes milliseconds. */
export function duration(bounds: { readonly min: string; readonly max: string }, notes: KeyNotes) {
  const [minMs, maxMs] = [milliseconds(bounds.min), milliseconds(bounds.max)];
  const expected = `expected a duration with its unit, ${bounds.min} to ${bounds.max}, such as "5s"`;
  return z
    .string(expected)
    .regex(DURATION, expected)
    .transform(milliseconds)
    .refine((value) => value >= minMs && value <= maxMs, expected)
    .meta({ ...notes, "x-value": `${bounds.min} to ${bounds.max}` });
}

function milliseconds(value: string): number {
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    sum += Number(amount) * (UNIT_MS[unit ?? ""] ?? 0);
  }
  return Math.round(sum);
}

const SIZE = /^(\d+)(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$/;
const SIZE_UNIT: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

/** A size as Kubernetes writes quantities ("10Mi", "2Gi", 1048576) that becomes bytes. */
export function sizeBytes(notes: KeyNotes) {
  const expected = 'expected a size such as "10Mi", "2Gi" or a number of bytes';
  return z
    .preprocess(
      (value) => (typeof value === "number" ? String(value) : value),
      z.string(expected).regex(SIZE, expected),
    )
    .transform(bytesOf)
    .refine((value) => value >= 1, expected)
    .meta({ ...notes, "x-value": 'a size such as "10Mi"' });
}

function bytesOf(value: string): number {
  const [, whole = "0", part = "", unit = ""] = SIZE.exec(value) ?? [];
  return Math.round(Number(`${whole}${part}`) * (SIZE_UNIT[unit] ?? 1));
}

/** A list of texts, none empty. */
export function textList(notes: KeyNotes) {
  return z
    .array(z.string().min(1, "must not be empty"), 'expected a list, such as ["a", "b"]')
    .prefault([])
    .meta({ ...notes });
}

/** A list of values that never print. */
export function secretList(notes: KeyNotes) {
  return z
    .array(secret({ description: notes.description }), "expected a list")
    .prefault([])
    .meta({ ...notes });
}

/** Accepts a section that is written but empty (`log:`), as YAML reads it: null. */
export function emptySection(value: unknown): unknown {
  return value ?? {};
}

/** For checks over several keys: run them also when another key of the section is wrong, so that all is said at once. */
export const EVEN_WHEN_INVALID = { when: () => true } as const;

/** What such a check may look at: any key can be absent or of a wrong type. */
export function asPartial(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
