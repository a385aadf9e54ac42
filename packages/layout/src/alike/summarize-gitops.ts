import { parseYaml } from "@kubeferry/clean";
import type { Call, JsonObject, SummaryReport } from "@kubeferry/model";
import { contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { type Generation, generate } from "../generation.ts";
import { type GitRef, refId } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";
import { generationOptions, type InputOptions, openReadInputs, type ReadInputs } from "../inputs.ts";
import { openSpool } from "../spool.ts";
import { type LikenessOptions, likenessOf } from "./likeness.ts";

/**
 * How alike the environments are, from the snapshots that the next run would read. Git is not looked at, and nothing is
 * written. Secrets are not compared.
 * @throws GitOpsError "config" when nothing that is adopted is in the part that is asked for; all that reading the
 *   snapshots throws
 */
export async function summarizeGitOps(options: InputOptions, call: Call): Promise<SummaryReport> {
  const inputs = await openReadInputs(options, call);
  const spool = await openSpool();
  try {
    // Secrets are noted by name: what would be encrypted here is thrown away.
    const made = { ...generationOptions({ ...options, ...inputs, spool }), secretWriter: undefined };
    const generation = await generate({ ...made, onObject: () => undefined }, call);
    const { catalog, findings } = generation;
    if (catalog.folders().length === 0) throw nothingThere(options);
    const likeness = await likenessOf(
      catalog.folders().map((folder) => ({ folder, entries: catalog.folder(folder).values() })),
      {
        environments: inputs.environments.map(({ name, source }) => ({ name, source })),
        parameters: inputs.gitops.parameters,
        read: async (content: Content) => parseYaml((await spool.read(content)).toString("utf8")) as JsonObject,
        isGone: await provenAbsences(generation, inputs, call),
      },
    );
    const unread = unreadIn(inputs, generation);
    return {
      stage: "summary",
      status: unread.length === 0 ? "complete" : "partial",
      snapshots: inputs.sources.map(({ snapshotKey }) => snapshotKey),
      ...likeness,
      unread,
      blocked: findings.blocked,
    };
  } finally {
    await spool.close();
  }
}

/** Asks each source once about everything that others have in folders that it has something of. */
async function provenAbsences(
  { catalog }: Generation,
  { sources, environments }: ReadInputs,
  call: Call,
): Promise<NonNullable<LikenessOptions["isGone"]>> {
  const gone = new Map<string, ReadonlySet<string>>();
  for (const source of sources) {
    const lacking: GitRef[] = [];
    const own = environments.filter((each) => each.source === source.id);
    for (const folder of catalog.folders()) {
      const entries = [...catalog.folder(folder).values()];
      if (!entries.some(({ contents }) => contents.has(source.id))) continue;
      for (const entry of entries) {
        if (own.some((each) => contentIn(entry, each) === undefined)) lacking.push(entry.ref);
      }
    }
    gone.set(source.id, await source.absent(lacking, call));
  }
  return (source, ref) => gone.get(source)?.has(refId(ref)) === true;
}

function unreadIn({ sources, waiting }: ReadInputs, { findings }: Generation): readonly string[] {
  const broken = findings.validation.findings.filter(({ rule }) => rule === "broken");
  return [
    ...waiting.map(({ reason }) => reason),
    ...sources.flatMap(({ id, gaps }) => gaps.map((gap) => `${id}: ${gap}`)),
    ...sources.flatMap(({ id, unusable }) => unusable.map(({ object, reason }) => `${id}: ${object}: ${reason}`)),
    ...broken.map(({ object, message }) => `${object}: ${message}`),
  ];
}

function nothingThere({ only }: InputOptions): GitOpsError {
  const asked = only === undefined ? "" : ` in ${only.namespaces.join(", ")}`;
  return new GitOpsError({
    kind: "config",
    who: "gitops",
    operation: "summary",
    problem: `no snapshot that is read has anything${asked} that is adopted into Git`,
    next: "gitops.namespaces says what is adopted; kubeferry gitops explain <namespace> says why something is not",
  });
}
