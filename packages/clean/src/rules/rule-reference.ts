import { type RuleRow, ruleTable } from "./rule-table.ts";

const HEAD = `# Cleaning rules

This page is generated from the rules; a test fails when the two differ. What is captured is never cleaned: these rules
shape the mirror and Git. \`kubeferry clean < file.yaml\` shows what they do to an object, and why.

No rule removes anything for being empty, or anything within lists of a custom resource. Beyond that the column _stays
when_ says what keeps a field or an object that a rule names:

- **applied**: \`last-applied-configuration\` or a server-side Apply has it. Where last-applied cannot be read, all
  counts as applied.
- **written**: some client wrote it, also by create, update or patch. What the API server chose by itself is in nobody's
  managed fields.
- **never**: only a server can set it, whoever sent it.

Rules other than those of the last kind are asked of objects as an API server returns them, with uid or resourceVersion:
in any other object everything was written on purpose.

\`clean.disable\` of the [configuration](configuration.md#clean) switches rules off by their id, \`clean.rules\` adds
rules of one's own. Both change the fingerprint of the rules, and with it the mirror is written anew.
`;

/** The page about all rules, in Markdown. */
export function ruleReference(): string {
  const { fields, objects, refused } = ruleTable();
  const kept = refused.map(({ title, of, reason }) => [title, of, reason]);
  return [
    HEAD,
    `## Fields that are removed\n\n${rulesOf(fields)}`,
    `## Whole objects that are left out\n\n${rulesOf(objects)}`,
    `## Considered and refused\n\nWhat other tools leave out and these rules keep.\n\n${table([["what", "of", "why it stays"], ...kept])}`,
  ].join("\n");
}

function rulesOf(rows: readonly RuleRow[]): string {
  const head = ["id", "what", "of", "why", "stays when", "source"];
  const lines = rows.map(({ id, title, of, reason, keptWhen, source }) => [
    `\`${id}\``,
    title,
    of,
    reason,
    keptWhen === "" ? "never" : keptWhen,
    source,
  ]);
  return table([head, ...lines]);
}

/** Columns as wide as their widest cell, as the formatter of the repository writes them. */
function table(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("*", "\\*")));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[line(head), rule, ...body.map(line)].join("\n")}\n`;
}
