import { type ApplicationStatus, type Drift, diffJson, diffMarkdown, driftText } from "@kubeferry/recovery";
import { print, printRaw, table } from "../present/print.ts";

type Output = "text" | "json" | "markdown";

/** What stands before the first comparison. */
export function printDriftStart(output: Output): void {
  if (output === "json") printRaw("{\n");
}

/** Prints one comparison as its parts come; JSON as a member that is called what was compared with. */
export async function printDrift(drift: Drift, output: Output): Promise<void> {
  if (output === "json") {
    printRaw(`"${drift.against}": `);
    for await (const piece of diffJson(drift.diff)) printRaw(piece);
    return printRaw(",\n");
  }
  if (output === "markdown") print(`## Against ${drift.against === "git" ? "Git" : "the last snapshot"}\n`);
  for await (const { text } of output === "markdown" ? diffMarkdown(drift.diff) : driftText(drift)) print(text);
}

/** Argo CD's word on our Applications, where there is one; and the end. */
export function printDriftEnd(applications: readonly ApplicationStatus[] | undefined, output: Output): void {
  if (output === "json") printRaw(`"applications": ${JSON.stringify(applications ?? null)}\n}\n`);
  else if (applications !== undefined && applications.length > 0) printApplications(applications, output);
}

function printApplications(applications: readonly ApplicationStatus[], output: Output): void {
  if (output === "markdown") print("\n## Applications\n");
  print(output === "markdown" ? applications.map(bullet).join("\n") : table([HEAD, ...applications.map(row)]));
}

const HEAD = ["APPLICATION", "SYNC", "HEALTH"];

function row({ name, sync, health }: ApplicationStatus): string[] {
  return [name, sync, health];
}

function bullet({ name, sync, health }: ApplicationStatus): string {
  return `- \`${name}\`: ${sync}, ${health}`;
}
