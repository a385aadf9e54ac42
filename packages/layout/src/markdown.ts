/** A name that a stranger chose, as code in Markdown: it can neither end the code nor break the table around it. */
export function code(text: string): string {
  const harmless = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "?")
    .replaceAll("`", "'")
    .replaceAll("|", "¦");
  return `\`${harmless === "" ? " " : harmless}\``;
}

/** A sentence of ours in which a stranger's words may be: as it is while nothing in it could mean anything to Markdown. */
export function plain(sentence: string): string {
  return /^[\w ,.:;+%/()-]*$/.test(sentence) ? sentence : code(sentence);
}

/** A number with its word: "1 object", "3 objects". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** At most `limit` lines, and how many more there are. */
export function limited(lines: readonly string[], limit: number): readonly string[] {
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit), `- … and ${lines.length - limit} more`];
}
