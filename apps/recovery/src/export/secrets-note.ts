/** The file of an export that names what it does not hold. */
export const SECRETS_NOTE = "secrets.todo.md";

/** One object whose content is not in the export. */
export interface SecretRow {
  /** "secrets shop/db" */
  readonly object: string;
  /** Undefined where they cannot be read. */
  readonly keys: readonly string[] | undefined;
  readonly reason: string;
}

/** The list for people: names and keys, never a value. */
export function secretsNote(rows: readonly SecretRow[]): string {
  return [
    "# What this export does not hold",
    "",
    "These objects are needed beside it. None of their values is in any of its files.",
    "",
    "| object | keys | why |",
    "|---|---|---|",
    ...rows.map(({ object, keys, reason }) => `| ${code(object)} | ${keysCell(keys)} | ${reason} |`),
    "",
  ].join("\n");
}

function keysCell(keys: readonly string[] | undefined): string {
  if (keys === undefined) return "encrypted";
  return keys.length === 0 ? "none" : keys.map(code).join(", ");
}

/** Names come from clusters: what could end the cell or the code is written as its number. */
function code(text: string): string {
  const plain = text.replace(
    /[`|\\\p{Cc}\u2028\u2029]/gu,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return `\`${plain}\``;
}
