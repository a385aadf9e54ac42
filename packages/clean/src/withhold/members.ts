/** One member of a JSON object in its text. */
export interface Member {
  /** Decoded. */
  readonly key: string;
  /** As written, with its quotes. */
  readonly rawKey: string;
  /** As written. */
  readonly rawValue: string;
}

const BLANK = /[ \t\r\n]/;

/**
 * The members of the JSON object that `text` is, in their order and as they are written: parsing and writing again
 * would move keys that look like numbers to the front, and round integers.
 * @param text valid JSON; anything but an object has no members
 */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipBlanks(text, 0);
  if (text[at] !== "{") return members;
  at = skipBlanks(text, at + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const valueStart = skipBlanks(text, skipBlanks(text, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    const rawKey = text.slice(at, keyEnd);
    members.push({ key: JSON.parse(rawKey) as string, rawKey, rawValue: text.slice(valueStart, valueEnd) });
    at = skipBlanks(text, valueEnd);
    if (text[at] === ",") at = skipBlanks(text, at + 1);
  }
  return members;
}

/** The object again, without white space around its members. */
export function objectText(members: readonly Pick<Member, "rawKey" | "rawValue">[]): string {
  return `{${members.map(({ rawKey, rawValue }) => `${rawKey}:${rawValue}`).join(",")}}`;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text[at] as string)) at++;
  return at;
}

/** @param start the opening quote @returns behind the closing one */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
    else if (depth === 0) return endOfWord(text, at);
    at++;
  } while (depth > 0);
  return at;
}

/** The end of a number, true, false or null. */
function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[\w.+-]/.test(text[at] as string)) at++;
  return at;
}
