import { Buffer, isUtf8 } from "node:buffer";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
/** Of a text that starts with a byte order mark; a decoder leaves it out. */
const MARK_START = 0xef;

/** What stands for a byte in a JSON string; undefined: the byte itself. */
const ESCAPES: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const isEscaped = byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH;
  return isEscaped ? Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1), "latin1") : undefined;
});

/** As `JSON.stringify` of the decoded text, in UTF-8, without ever making a text of it. */
export function jsonString(utf8: Buffer): Buffer {
  const text = isUtf8(utf8) && utf8[0] !== MARK_START ? utf8 : Buffer.from(new TextDecoder().decode(utf8), "utf8");
  const written = Buffer.allocUnsafe(sizeOf(text));
  let at = 0;
  written[at++] = QUOTE;
  for (const byte of text) {
    const escaped = ESCAPES[byte];
    if (escaped === undefined) written[at++] = byte;
    else at += escaped.copy(written, at);
  }
  written[at] = QUOTE;
  return written;
}

function sizeOf(text: Buffer): number {
  let size = text.length + 2;
  for (const byte of text) size += (ESCAPES[byte]?.length ?? 1) - 1;
  return size;
}
