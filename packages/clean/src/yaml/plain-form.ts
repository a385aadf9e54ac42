const COLON = 0x3a;
const LETTER_E = 0x65;
const TO_LOWER_CASE = 0x20;

/** Which of the first 128 characters may stand in a plain text, and which of them may begin it. */
const INSIDE = charsOf(/[\w./-]/);
const FIRST = charsOf(/[A-Za-z/]/);

/** What readers take for a number that have "e" as a digit of none. */
const EXPONENT = /^[eE][-+]?\d/;

/**
 * Whether a text starts with a letter or "/" and goes on in characters that no YAML version gives a meaning, ":" only
 * before one of them. Nothing that starts so is a time, an indicator or a directive, and no number but for readers that
 * take "e3" for one; words remain, such as "yes". Asked for every key and text: a regular expression takes three times as long.
 */
export function isPlainForm(text: string): boolean {
  const first = text.charCodeAt(0);
  if (FIRST[first] !== 1) return false;
  if ((first | TO_LOWER_CASE) === LETTER_E && EXPONENT.test(text)) return false;
  let isBehindColon = false;
  for (let at = 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (INSIDE[char] === 1) isBehindColon = false;
    else if (char !== COLON || isBehindColon) return false;
    else isBehindColon = true;
  }
  return !isBehindColon;
}

function charsOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
}
