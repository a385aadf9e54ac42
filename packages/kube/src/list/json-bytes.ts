/** What a byte can be outside of strings. Plain numbers, because they are compared once a byte. */
export const ORDINARY = 0;
export const QUOTE = 1;
export const OPEN = 2;
export const CLOSE = 3;
export const COMMA = 4;
const COLON = 5;
export const SPACE = 6;
/** A byte that no JSON has outside of strings. */
export const FOREIGN = 7;

export const QUOTE_BYTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA_BYTE = 0x2c;
export const COLON_BYTE = 0x3a;
export const OPEN_BRACE = 0x7b;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACE = 0x7d;
export const CLOSE_BRACKET = 0x5d;

/** Byte → class. */
export const byteClass: Uint8Array = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(256).fill(FOREIGN);
  // Numbers, true, false and null.
  for (const char of "0123456789+-.eEtrufalsn") table[char.charCodeAt(0)] = ORDINARY;
  for (const byte of [0x20, 0x09, 0x0a, 0x0d]) table[byte] = SPACE;
  table[QUOTE_BYTE] = QUOTE;
  table[OPEN_BRACE] = OPEN;
  table[OPEN_BRACKET] = OPEN;
  table[CLOSE_BRACE] = CLOSE;
  table[CLOSE_BRACKET] = CLOSE;
  table[COMMA_BYTE] = COMMA;
  table[COLON_BYTE] = COLON;
  return table;
}

/** The closing bracket of an opening one; in ASCII both pairs are two apart. */
export function closingOf(open: number): number {
  return open + 2;
}

/** @returns the index behind the string whose opening quote is at `from`; -1 when it does not end. */
export function stringEnd(bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let index = from + 1;
  while (index < length) {
    const byte = bytes[index];
    if (byte === QUOTE_BYTE) return index + 1;
    index += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** @returns the index behind the value that begins at `from`; -1 when none ends there. No white space is expected. */
export function valueEnd(bytes: Uint8Array, from: number): number {
  const first = byteClass[bytes[from] ?? 0];
  if (first === QUOTE) return stringEnd(bytes, from);
  if (first === OPEN) return bracketsEnd(bytes, from);
  let index = from;
  while (byteClass[bytes[index] ?? 0] === ORDINARY) index++;
  return index > from ? index : -1;
}

function bracketsEnd(bytes: Uint8Array, from: number): number {
  const length = bytes.length;
  let open = 0;
  let index = from;
  while (index < length) {
    const kind = byteClass[bytes[index] as number];
    if (kind === QUOTE) {
      index = stringEnd(bytes, index);
      if (index < 0) return -1;
      continue;
    }
    index++;
    if (kind === OPEN) open++;
    else if (kind === CLOSE && --open === 0) return index;
  }
  return -1;
}
