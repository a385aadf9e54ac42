import type { Call, SummaryReport } from "@kubeferry/model";
import { type Generation, generate } from "../generation.ts";
import { GitOpsError } from "../gitops-error.ts";
import { generationOptions, type InputOptions, openReadInputs, type ReadInputs } from "../inputs.ts";
import { openSpool } from "../spool.ts";
import { likenessOfFolders } from "./likeness-of-folders.ts";

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
    const likeness = await likenessOfFolders(catalog.folders(), { ...inputs, catalog, spool }, call);
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
