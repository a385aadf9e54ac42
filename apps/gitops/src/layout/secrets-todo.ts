import { compareUtf8 } from "@kubeferry/model";
import { type TextContent, textContent } from "../content.ts";
import type { SecretNote } from "../findings.ts";
import { code } from "../markdown.ts";
import type { LaidOutEnvironment } from "./folder-layout.ts";

/** The file that lists a namespace's Secrets. */
export const SECRETS_TODO = "secrets.todo.md";

/** The list of Secrets that a namespace needs and Git does not hold: names and keys, never a value. */
export function secretsTodo(
  namespace: string,
  notes: readonly SecretNote[],
  environments: readonly LaidOutEnvironment[],
): TextContent {
  const rows = new Map<string, string[]>();
  for (const note of notes) {
    const row = `| ${code(note.name)} | ${contentCells(note)} |`;
    rows.set(row, [...(rows.get(row) ?? []), note.source]);
  }
  const sources = new Set(environments.map(({ source }) => source));
  const lines = [...rows].map(([row, having]) => `${row} ${whichOf(having, sources, environments)} |`);
  return textContent(`${[...heading(namespace), ...lines.sort(compareUtf8)].join("\n")}\n`);
}

function contentCells({ content }: SecretNote): string {
  if (content === undefined) return "encrypted in the backup | encrypted in the backup";
  return `${code(content.type)} | ${content.keys.map(code).join(", ")}`;
}

function heading(namespace: string): readonly string[] {
  return [
    `# Secrets that ${namespace} needs`,
    "",
    "They are not in this repository. Each must exist in the namespace before what uses it is deployed elsewhere.",
    "",
    "| Secret | type | keys | environments |",
    "|---|---|---|---|",
  ];
}

function whichOf(
  having: readonly string[],
  sources: ReadonlySet<string>,
  environments: readonly LaidOutEnvironment[],
): string {
  if (having.length === sources.size) return "all";
  return environments
    .filter(({ source }) => having.includes(source))
    .map(({ name }) => name)
    .join(", ");
}
