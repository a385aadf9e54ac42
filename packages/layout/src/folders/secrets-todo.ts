import { compareUtf8 } from "@kubeferry/model";
import { type TextContent, textContent } from "../content.ts";
import type { SecretNote } from "../findings.ts";
import { code, plain } from "../markdown.ts";
import type { Environment } from "../read/open-sources.ts";

/** The file that lists a namespace's Secrets. */
export const SECRETS_TODO = "secrets.todo.md";

/** The list of Secrets that a namespace needs and Git does not hold: names and keys, never a value. */
export function secretsTodo(
  namespace: string,
  notes: readonly SecretNote[],
  environments: readonly Environment[],
): TextContent {
  const rows = new Map<string, string[]>();
  for (const note of notes) {
    const row = `| ${code(note.name)} | ${contentCells(note)} | ${valueCell(note)} |`;
    rows.set(row, [...(rows.get(row) ?? []), note.source]);
  }
  const sources = new Set(environments.map(({ source }) => source));
  const lines = [...rows].map(([row, having]) => `${row} ${whichOf(having, sources, environments)} |`);
  return textContent(`${[...heading(namespace), ...lines.sort(compareUtf8)].join("\n")}\n`);
}

function contentCells({ content }: SecretNote): string {
  if (content === undefined) return "encrypted in the backup | encrypted in the backup";
  return `${code(content.type)} | ${content.keys.length === 0 ? "none" : content.keys.map(code).join(", ")}`;
}

/** Where people find the values, or why Git does not hold them although it could. */
function valueCell({ value, reason }: SecretNote): string {
  if (reason !== undefined) return plain(reason);
  switch (value) {
    case "present":
      return "in the backup";
    case "withheld":
      return "not in the backup";
    case "encrypted":
      return "encrypted in the backup, and nothing here opens it";
    case "empty":
      return "there is none";
    default:
      return value satisfies never;
  }
}

function heading(namespace: string): readonly string[] {
  return [
    `# Secrets that ${namespace} needs`,
    "",
    "They are not in this repository. Each must exist in the namespace before what uses it is deployed elsewhere.",
    "",
    "| Secret | type | keys | value | environments |",
    "|---|---|---|---|---|",
  ];
}

function whichOf(
  having: readonly string[],
  sources: ReadonlySet<string>,
  environments: readonly Environment[],
): string {
  if (having.length === sources.size) return "all";
  return environments
    .filter(({ source }) => having.includes(source))
    .map(({ name }) => name)
    .join(", ");
}
