/** Writes lines to stdout: results only. */
export function print(text: string): void {
  process.stdout.write(lines(text));
}

/** Writes text that programs read to stdout: as it is, and without escape sequences only where a person looks at it. */
export function printRaw(text: string): void {
  process.stdout.write(process.stdout.isTTY ? withoutControls(text) : text);
}

/** Writes one JSON document to stdout. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Writes to stderr: everything that is not a result. */
export function note(text: string): void {
  process.stderr.write(lines(text));
}

/** Names and reasons come from clusters and buckets: an escape sequence in one must not reach the terminal. */
function lines(text: string): string {
  const shown = withoutControls(text);
  return shown.endsWith("\n") ? shown : `${shown}\n`;
}

/** Text with escape sequences instead of characters that steer a terminal. */
export function withoutControls(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One line for each: a name in one may have line ends of its own, and what comes after them is nothing that we say. */
export function oneByLine(texts: readonly string[]): string {
  return texts.map(withoutLineEnds).join("\n");
}

function withoutLineEnds(text: string): string {
  return text.replaceAll("\n", "\\u000a");
}

/** Columns padded to their widest cell, two blanks between; a line for each row, whatever its cells hold. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  const shown = rows.map((row) => row.map(withoutLineEnds));
  for (const row of shown)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return shown
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** "1 object", "12 objects". */
export function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : `${noun}s`}`;
}

/** "1.4 MiB": bytes for people. */
export function bytes(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes} B`;
  const kib = sizeBytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}
