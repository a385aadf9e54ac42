import type { Call } from "@kubeferry/model";
import { code } from "../markdown.ts";
import type { Plan } from "../plan/plan.ts";
import type { Tip } from "../repository/read-tip.ts";
import { branchName, parseBranchName } from "./branch-names.ts";
import type { Part } from "./parts/part.ts";
import { cutOf, namespaceParts, splitPlan } from "./parts/split-plan.ts";
import { publishPart } from "./publish-part.ts";
import { isWorthTelling, NO_FILES, type Published } from "./published.ts";
import type { Publishing } from "./publishing.ts";
import { isOurs } from "./trailers.ts";
import { withdraw } from "./withdraw.ts";
import { checkPlan, unwritePlan } from "./write-plan.ts";

/**
 * Brings a plan to branches and requests: one, or one for each part. A part that fails does not keep the others from
 * being proposed; what earlier runs left open and no part is about any more is withdrawn, once nothing failed.
 * @returns what became of each part, in their order, and of what was withdrawn; one that failed with its error
 * @throws GitOpsError "blocked" before anything was pushed; "config" for a cut that cannot be made
 */
export async function publish(
  { plan, tip }: { readonly plan: Plan; readonly tip: Tip },
  publishing: Publishing,
  call: Call,
): Promise<readonly Published[]> {
  const { split } = publishing.gitops.pullRequest;
  const cut = cutOf(split, plan, split === "auto" && (await isSplitAlready(plan, publishing, call)));
  const parts = splitPlan(plan, cut, { tip, shape: publishing.shape, clusterOf: clustersOf(tip, publishing) });
  if (cut !== "none") await checkPlan(plan, publishing, call);
  const now = await publishEach(parts, publishing, call);
  const isWhole = now.every(({ error }) => error === undefined);
  const leftovers = isWhole ? await withdrawLeftovers(now, publishing, call) : [];
  return [...now, ...leftovers];
}

/** Whether requests of single namespaces are open. */
async function isSplitAlready(plan: Plan, { branches }: Publishing, call: Call): Promise<boolean> {
  const { configured, existing, tree, ...marks } = branches;
  const parts = new Set(namespaceParts(plan).map(({ name }) => name));
  for (const name of existing) {
    const part = parseBranchName(configured, name)?.part;
    if (part === undefined || !parts.has(part)) continue;
    const commits = (await tree.remoteBranch(name, call))?.commits ?? [];
    if (commits.length > 0 && commits.every((commit) => isOurs(commit, marks, part))) return true;
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
    const failing = (): Promise<Published> => publishPart(part, publishing, call);
    all.push(await orFailed(failing, { name: part.name, configured: publishing.branches.configured }, call));
    await unwritePlan(part.plan, publishing, call);
    const told = all.filter(isWorthTelling);
    const isLast = all.length === parts.length;
    if ((told.length >= ENOUGH_FAILURES || isLast) && told.length > 0 && told.every(({ error }) => error !== undefined))
      throw told[0]?.error;
  }
  return all;
}

/** One that fails is in the report, and the others go on. */
async function orFailed(
  step: () => Promise<Published>,
  { name, configured }: { readonly name: string | undefined; readonly configured: string },
  call: Call,
): Promise<Published> {
  try {
    return await step();
  } catch (error) {
    call.signal.throwIfAborted();
    const branch = branchName(configured, { part: name, number: 1 });
    call.log.warn("request not proposed", { operation: "git_push", branch, error });
    return {
      part: name,
      branch,
      commit: "",
      outcome: "failed",
      pullRequest: undefined,
      files: NO_FILES,
      warnings: [],
      error,
    };
  }
}

/** Branches of ours, by name and by every commit on them, that this run had no part for. */
async function withdrawLeftovers(
  now: readonly Published[],
  publishing: Publishing,
  call: Call,
): Promise<readonly Published[]> {
  const { configured, existing, tree, ...marks } = publishing.branches;
  const current = new Set(now.map(({ branch }) => branch));
  const withdrawn: Published[] = [];
  for (const name of existing) {
    const named = parseBranchName(configured, name);
    if (named === undefined || current.has(name)) continue;
    const remote = await tree.remoteBranch(name, call);
    const commits = remote?.commits ?? [];
    if (remote === undefined || commits.length === 0) continue;
    if (!commits.every((commit) => isOurs(commit, marks, named.part))) continue;
    const request = await withdraw({ name, remote, reason: reasonToLeave(now) }, publishing, call);
    const outcome = request?.outcome ?? "none";
    const pullRequest = request?.pullRequest;
    withdrawn.push({ part: named.part, branch: name, commit: "", outcome, pullRequest, files: NO_FILES, warnings: [] });
  }
  return withdrawn.filter(isWorthTelling);
}

/** How many requests a comment names. */
const MOST_NAMED = 10;

function reasonToLeave(now: readonly Published[]): string {
  const proposing = now.filter(({ outcome, commit }) => outcome !== "closed" && (commit !== "" || outcome !== "none"));
  if (proposing.length === 0) return "Nothing of what this request proposed is left to propose.";
  const named = proposing.slice(0, MOST_NAMED).map(({ pullRequest, branch }) => pullRequest?.url ?? code(branch));
  const more = proposing.length - named.length;
  return `What there is to propose is cut otherwise now, and is in ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
