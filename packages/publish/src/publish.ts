import type { Plan, Tip } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import { branchName, parseBranchName } from "./branch-names.ts";
import { withdrawLeftovers } from "./leftovers.ts";
import { orFailed } from "./or-failed.ts";
import type { Part } from "./parts/part.ts";
import { cutOf, namespaceParts, splitPlan } from "./parts/split-plan.ts";
import { publishPart } from "./publish-part.ts";
import { isWorthTelling, type Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { isOurs } from "./trailers.ts";
import { checkPlan, unwritePlan } from "./write-plan.ts";

/** What came of a plan. */
export interface Publication {
  /** What became of each part, in their order, and of what was withdrawn; of one that failed with its error. */
  readonly published: readonly Published[];
  /** Told to stop on the way: the parts that are missing were not begun, and nothing was withdrawn. */
  readonly interrupted: boolean;
}

/**
 * Brings a plan to branches and requests: one, or one for each part. A part that fails does not keep the others from
 * being proposed; what earlier runs left open and no part is about any more is withdrawn, once nothing failed.
 * @throws GitOpsError "blocked" before anything was pushed; "config" for a cut that cannot be made
 */
export async function publish(
  { plan, tip }: { readonly plan: Plan; readonly tip: Tip },
  publishing: Publishing,
  call: Call,
): Promise<Publication> {
  const { split } = publishing.gitops.pullRequest;
  const cut = cutOf(split, plan, split === "auto" && isSplitAlready(plan, publishing));
  const parts = splitPlan(plan, cut, { tip, shape: publishing.shape, clusterOf: clustersOf(tip, publishing) });
  if (cut !== "none") await checkPlan(plan, publishing, call);
  const now = await publishEach(parts, publishing, call);
  if (call.signal.aborted) return { published: now, interrupted: true };
  const isWhole = now.every(({ error }) => error === undefined);
  const leftovers = isWhole ? await withdrawLeftovers(now, publishing, call) : [];
  return { published: [...now, ...leftovers], interrupted: false };
}

/** Whether requests of single namespaces are open. */
function isSplitAlready(plan: Plan, { branches }: Publishing): boolean {
  const { configured, existing } = branches;
  const parts = new Set(namespaceParts(plan).map(({ name }) => name));
  for (const [name, { commits }] of existing) {
    const part = parseBranchName(configured, name)?.part;
    if (part === undefined || !parts.has(part)) continue;
    if (commits.length > 0 && commits.every((commit) => isOurs(commit, branches, part))) return true;
  }
  return false;
}

/** The cluster of each environment: of the configured ones, and of those that only Git still knows. */
function clustersOf(tip: Tip, { facts }: Publishing): (environment: string) => string {
  const clusters = new Map<string, string>();
  for (const { ownership } of tip.folders.values()) {
    for (const [name, { cluster }] of Object.entries(ownership?.environments ?? {})) clusters.set(name, cluster);
  }
  for (const { name, source } of facts.environments) {
    const cluster = facts.sources.find(({ id }) => id === source)?.origin.cluster;
    if (cluster !== undefined) clusters.set(name, cluster);
  }
  return (environment) => clusters.get(environment) ?? environment;
}

/** When nothing but failures came of so many, the others would fail alike. */
const ENOUGH_FAILURES = 3;

async function publishEach(parts: readonly Part[], publishing: Publishing, call: Call): Promise<readonly Published[]> {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return [await publishPart(only, publishing, call)];
  const all: Published[] = [];
  for (const part of parts) {
    const branch = branchName(publishing.branches.configured, { part: part.name, number: 1 });
    try {
      all.push(await orFailed(() => publishPart(part, publishing, call), { part: part.name, branch }, call));
    } catch (error) {
      if (all.length === 0) throw error;
    }
    // What is proposed stands, and the next run proposes the rest.
    if (call.signal.aborted) return all;
    await unwritePlan(part.plan, publishing, call);
    const told = all.filter(isWorthTelling);
    const isLast = all.length === parts.length;
    if ((told.length >= ENOUGH_FAILURES || isLast) && told.length > 0 && told.every(({ error }) => error !== undefined))
      throw told[0]?.error;
  }
  return all;
}
