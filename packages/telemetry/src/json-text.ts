/**
 * A value as JSON in one line, for people who look at it on a terminal, too: JSON itself escapes only the first 32
 * characters, and a name of a stranger may hold others that steer a terminal, end a line or turn the order of a text.
 * Whoever parses it gets the same value.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(/[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
