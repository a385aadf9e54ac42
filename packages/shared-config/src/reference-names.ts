import { markdownTable } from "./markdown-table.ts";
import type { Became, OldName } from "./old-names/became.ts";
import { ENVIRONMENT_NAMES, FILE_NAMES, filterNames } from "./old-names/file-names.ts";
import { VARIABLES } from "./old-names/variables.ts";

/** The part of the reference on environment variables, in Markdown. */
export function variablesPage(): string {
  return `## Environment variables

They work without any file; an empty one counts as not set. Those of the store mean \`type: s3\`, and are not used (a
warning says so) where another type is written. A value that its key does not take is an error.

${table("variable", VARIABLES)}`;
}

/** The part of the reference on names that are no keys of ours, in Markdown. */
export function oldNamesPage(): string {
  const filters = filterNames();
  const ofFiles = FILE_NAMES.filter(({ old }) => !filters.some((filter) => filter.old === old));
  return `## Names of files in a folder

Besides keys such as \`store.bucket\`, every environment variable above, as it is (\`MINIO_BUCKET\`) or in lower case with
dashes (\`minio-bucket\`), and the names below, which are also read at the top of a YAML file.

${table("name", filters)}
## Old keys

Keys of earlier tools that are still read in YAML files, and what they became. What is not used loads with a notice that
says why. An old key and a new one that say different things in one place are an error.

${table("old key", [...ofFiles, ...ENVIRONMENT_NAMES])}`;
}

function table(head: string, names: readonly OldName[]): string {
  const rows = names.map(({ old, became }) => [`\`${written(old)}\``, ...outcome(became)]);
  return markdownTable([[head, "became", "remarks"], ...rows]);
}

function written(old: string): string {
  return old.replaceAll("*", old.startsWith("clusters.") ? "<environment>" : "<name>");
}

function outcome(became: Became): readonly [string, string] {
  switch (became.kind) {
    case "keys":
    case "environment":
    case "channel":
      return [became.keys.map((key) => `\`${key}\``).join(", "), became.how];
    case "always":
      return [`always ${became.value}`, became.why];
    case "unused":
      return ["not used", became.why];
    default:
      return became satisfies never;
  }
}
