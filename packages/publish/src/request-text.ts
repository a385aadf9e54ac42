import {
  type Catalog,
  code,
  count,
  type Environment,
  type FileChange,
  type Findings,
  type FolderPlan,
  limited,
  MANAGED_ANNOTATION,
  type Plan,
  plain,
  type RepositoryShape,
  type SecretNote,
  type SettingsOf,
  type Source,
} from "@kubeferry/layout";
import type { BlockedObject, FrozenFolder } from "@kubeferry/model";
import { deploymentLines } from "./deployment-text.ts";
import { baseLines, environmentLines } from "./environment-text.ts";
import { emptiedWarnings, lookedAfter } from "./looked-after.ts";
import { changesByFolder, type ObjectChanges } from "./object-changes.ts";
import { validationLines } from "./validation-text.ts";

/** What a request's text is made of. */
export interface RequestFacts {
  /** Which part of the run it is about; absent for all of it. */
  readonly part?: string;
  readonly plan: Plan;
  readonly catalog: Pick<Catalog, "folder">;
  readonly findings: RequestFindings;
  readonly sources: readonly Pick<Source, "id" | "origin" | "snapshotKey" | "takenAt" | "warnings">[];
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly shape: RepositoryShape;
  readonly blocked: readonly BlockedObject[];
  readonly frozen: readonly FrozenFolder[];
  readonly runId: string;
  /** Of the run's trace; left out: it is in none. */
  readonly traceId?: string;
  readonly toolVersion: string;
  /** How alike the environments are, in Markdown; left out: nothing is said of it. */
  readonly likeness?: string;
  /** Of what is not the ordinary proposal: what its title says, and the Markdown that leads its text. */
  readonly lead?: { readonly title: string; readonly lines: readonly string[] };
}

/** What a run saw, without the ways to add to it. */
type RequestFindings = Pick<Findings, "secrets" | "allowed" | "warnings" | "validation" | "leftOut" | "taken">;

/** How many lines a list shows before it says how many more there are. */
const MOST_LINES = 40;

/** "kubeferry: crc.testing/wrl62: 12 new, 3 changed, 1 removed"; of a part "kubeferry: crc.testing/wrl62: shop: 12 new, …". */
export function requestTitle({
  plan,
  sources,
  part,
  lead,
}: Pick<RequestFacts, "plan" | "sources" | "part" | "lead">): string {
  const changes = changesByFolder(plan);
  const total = (key: keyof ObjectChanges) => changes.reduce((sum, each) => sum + each.changes[key].length, 0);
  const numbers = `${total("added")} new, ${total("changed")} changed, ${total("removed")} removed`;
  const what = lead?.title ?? sources.map(({ id }) => id).join(", ");
  return `kubeferry: ${what}: ${part === undefined ? "" : `${part}: `}${numbers}`;
}

/** The text of a request, in Markdown. It leads with why it is there, where that is not the ordinary, and with what merging does to a cluster. */
export function requestBody(facts: RequestFacts): string {
  const sections = [
    (facts.lead?.lines ?? []).join("\n"),
    section("What happens when this is merged", deploymentLines(facts)),
    section("Objects", objectTable(facts.plan)),
    section("Environment by environment", environmentLines(facts)),
    section("Shared files that change where an environment does not", baseLines(facts.plan)),
    facts.likeness ?? "",
    section("Removed", removedLines(facts.plan)),
    section("Secrets to provide", secretLines(facts.findings)),
    section("Before SealedSecrets are synced", takeOverLines(facts.plan)),
    section("Left as they are: edited by people", frozenLines(facts.frozen)),
    section(
      "Not in Git: blocked",
      facts.blocked.map(({ object, reason }) => `- ${code(object)}: ${plain(reason)}`),
    ),
    section("In Git although it looks like a credential", allowedLines(facts.findings)),
    section("Not in Git: looked after by others", leftOutLines(facts.findings)),
    section("Kept although the snapshot does not show them", keptLines(facts.plan)),
    section("Worth a look", warningLines(facts)),
    section("Worth a look: checks of the content", validationLines(facts.findings.validation)),
    section("Where this comes from", originLines(facts)),
  ];
  return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : [`## ${title}`, "", ...limited(lines, MOST_LINES)].join("\n");
}

function objectTable(plan: Plan): readonly string[] {
  const rows = changesByFolder(plan).map(
    ({ folder, changes }) =>
      `| ${code(folder)} | ${changes.added.length} | ${changes.changed.length} | ${changes.removed.length} |`,
  );
  return rows.length === 0 ? [] : ["| folder | new | changed | removed |", "|---|---|---|---|", ...rows];
}

function removedLines(plan: Plan): readonly string[] {
  return changesByFolder(plan).flatMap(({ changes }) => changes.removed.map((title) => `- ${code(title)}`));
}

function secretLines({ secrets }: RequestFindings): readonly string[] {
  if (secrets.length === 0) return [];
  const lines = new Set(secrets.map((note) => `- ${code(`${note.folder}: ${note.name}`)} (${stateOf(note)})`));
  const intro = "These Secrets are not in this repository. Each `secrets.todo.md` lists what its namespace needs:";
  return [intro, "", ...[...lines].sort()];
}

function stateOf({ content, value, reason }: SecretNote): string {
  if (content === undefined) return "encrypted in the backup";
  const keys = content.keys.map(code).join(", ") || "no keys";
  if (reason !== undefined) return `${keys}; ${plain(reason)}`;
  return value === "withheld" ? `${keys}; the value is not in the backup` : keys;
}

/** The controller leaves a Secret alone that it did not make, until the Secret says that it may be taken over. */
function takeOverLines({ folders }: Plan): readonly string[] {
  const sealed = folders.flatMap(({ changes }) => changes.added.filter((file) => isSealed(file)));
  const commands = new Set(sealed.map(({ object }) => takeOverCommand(object?.namespace ?? "", object?.name ?? "")));
  if (commands.size === 0) return [];
  return [
    "A Secret that exists already is taken over only once it is annotated; a SealedSecret of an unannotated one fails:",
    "",
    ...[...commands].sort().map((command) => `- ${code(command)}`),
  ];
}

function isSealed({ object, content }: FileChange): boolean {
  return content?.secret !== undefined && object?.kind === "SealedSecret";
}

function takeOverCommand(namespace: string, name: string): string {
  return `kubectl --namespace ${namespace} annotate secret ${name} ${MANAGED_ANNOTATION}=true`;
}

function allowedLines({ allowed }: RequestFindings): readonly string[] {
  return allowed.map(({ object, field, reason }) => `- ${code(`${object} ${field}`)}: ${plain(reason)}`);
}

function frozenLines(frozen: readonly FrozenFolder[]): readonly string[] {
  return frozen.map(({ folder, files }) => {
    const shown = files.slice(0, 5).map(code).join(", ");
    return `- ${code(folder)}: ${shown}${files.length > 5 ? ` and ${files.length - 5} more` : ""}`;
  });
}

function leftOutLines(findings: RequestFindings): readonly string[] {
  return lookedAfter(findings).map(({ by, objects }) => `- ${code(by)}: ${count(objects, "object")}`);
}

function keptLines(plan: Plan): readonly string[] {
  return plan.folders
    .filter(({ kept }) => kept > 0)
    .map(({ folder, kept }) => `- ${code(folder)}: ${count(kept, "object")}`);
}

function warningLines({ plan, findings, sources }: RequestFacts): readonly string[] {
  const emptied = emptiedWarnings(findings, code);
  const warnings = [
    ...findings.warnings.map(plain),
    ...plan.folders.flatMap((folder: FolderPlan) => folder.warnings.map(plain)),
    ...emptied,
    ...sources.flatMap(({ warnings }) => warnings.map(plain)),
  ];
  return warnings.map((text) => `- ${text}`);
}

function originLines({ sources, runId, traceId, toolVersion }: RequestFacts): readonly string[] {
  const snapshots = sources.map(
    ({ origin, snapshotKey, takenAt }) =>
      `- cluster ${code(origin.cluster)}, ${takenAt === undefined ? "files below" : "snapshot"} ${code(snapshotKey)}${takenAt === undefined ? "" : ` of ${takenAt}`}`,
  );
  const trace = traceId === undefined ? "" : `trace ${code(traceId)}, `;
  return [...snapshots, `- run ${code(runId)}, ${trace}kubeferry ${toolVersion}`];
}
