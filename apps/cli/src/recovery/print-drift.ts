import { type ApplicationStatus, type Drift, diffJson, diffMarkdown, driftText } from "@kubeferry/recovery";
import { print, table } from "../present/print.ts";
import { type ColorChoice, printLines, printPieces } from "../present/print-lines.ts";

type Output = "text" | "json" | "markdown";

/** What stands before the first comparison. */
export async function printDriftStart(output: Output): Promise<void> {
  if (output === "json") await printPieces(pieces("{\n"));
}

/** Prints one comparison as its parts come; JSON as a member that is called what was compared with. */
export async function printDrift(
  drift: Drift,
  { output, color }: { readonly output: Output; readonly color: ColorChoice },
): Promise<void> {
  if (output === "json") return printPieces(member(drift));
  if (output === "markdown") print(`## Against ${drift.against === "git" ? "Git" : "the last snapshot"}\n`);
  await printLines(output === "markdown" ? diffMarkdown(drift.diff) : driftText(drift), color);
}

/** Argo CD's word on our Applications, where there is one; and the end. */
export async function printDriftEnd(
  applications: readonly ApplicationStatus[] | undefined,
  output: Output,
): Promise<void> {
  if (output === "json") return printPieces(pieces(`"applications": ${JSON.stringify(applications ?? null)}\n}\n`));
  if (applications === undefined || applications.length === 0) return;
  if (output === "text") return print(table([HEAD, ...applications.map(row)]));
  print(["\n## Applications\n", ...applications.map(bullet)].join("\n"));
}

async function* member({ against, diff }: Drift): AsyncIterable<string> {
  yield `"${against}": `;
  yield* diffJson(diff);
  yield ",\n";
}

async function* pieces(text: string): AsyncIterable<string> {
  yield text;
}

const HEAD = ["APPLICATION", "SYNC", "HEALTH"];

function row({ name, sync, health }: ApplicationStatus): string[] {
  return [name, sync, health];
}

function bullet({ name, sync, health }: ApplicationStatus): string {
  return `- \`${name}\`: ${sync}, ${health}`;
}
