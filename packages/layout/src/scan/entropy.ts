import { Buffer } from "node:buffer";

const CANDIDATE = /^[A-Za-z0-9+/_-]{32,256}={0,2}$/;
/** Bits a character; text of 32 random base64 characters has 4.6 on average, ten words in a row below 4. */
const MIN_BITS = 4.2;

/**
 * Whether a text looks drawn at random: letters of both cases and digits, evenly used, without words. Digests and UIDs
 * (hex), certificates and texts in base64 are none.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 32 || !CANDIDATE.test(text) || !/[a-z]/.test(text) || !/[A-Z]/.test(text) || !/\d/.test(text))
    return false;
  if (/[A-Za-z][a-z]{6}/.test(text) || text.split("/").length > 3) return false;
  return bitsOf(text) >= MIN_BITS && !isReadable(text);
}

function bitsOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}

/** Base64 of a text, or of a certificate: DER begins with a sequence. */
function isReadable(text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  if (bytes[0] === 0x30 && bytes[1] !== undefined && bytes[1] >= 0x80) return true;
  return bytes.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
}
