import { listRemoteBranches, type WorkTree } from "@kubeferry/git";
import { isRepeatable, type Plan, type Tip } from "@kubeferry/layout";
import { type Call, inSpan } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { parseBranchName } from "./branch-names.ts";
import type { BranchSearch } from "./choose-branch.ts";
import type { OpenHost } from "./open-host.ts";
import type { Published, Standing } from "./published.ts";
import { workTreeOptions } from "./work-tree-options.ts";

/** What a run found that had nothing to do: another one of the same inputs does the same as long as Git stays so. */
export interface Quiet {
  /** The base branch's newest commit. */
  readonly base: string;
  /** The newest commits of our branches, by name; left out where a run looks at no branch but the base. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly parts: readonly StandingPart[];
}

/** A part that needed nothing. */
type StandingPart = Published & { readonly standing: Standing };

/** @returns nothing for a run that did something, and for one whose plan follows from more than its inputs and Git */
export function quietOf(
  { plan, tip, published }: { readonly plan: Plan; readonly tip: Tip; readonly published: readonly Published[] },
  { baseCommit }: Pick<WorkTree, "baseCommit">,
  existing: BranchSearch["existing"] | undefined,
): { readonly quiet?: Quiet } {
  const parts = published.filter(isStanding);
  if (parts.length < published.length || !isRepeatable(plan, tip)) return {};
  const tips = [...(existing ?? [])].map(([name, { commit }]) => [name, commit]);
  return {
    quiet: { base: baseCommit, parts, ...(existing === undefined ? {} : { branches: Object.fromEntries(tips) }) },
  };
}

function isStanding(published: Published): published is StandingPart {
  return published.standing !== undefined;
}

/** Where a quiet run is done again. */
interface QuietPlace {
  readonly gitops: GitOpsConfig;
  readonly host: OpenHost;
}

/**
 * Does once more what a quiet run did for its requests, without planning anything: what is proposed stays proposed, and
 * keeps its verdict.
 * @returns what became of its parts; undefined where a branch moved, or the host has a request that was not there
 * @throws GitError, PlatformError
 */
export async function repeatQuiet(
  quiet: Quiet,
  { gitops, host }: QuietPlace,
  call: Call,
): Promise<readonly Published[] | undefined> {
  if (!(await isAsItWas(quiet, { gitops, host }, call))) return undefined;
  for (const { branch, standing } of quiet.parts) {
    if (standing.kind === "idle" && (await host.isProposed(branch, call))) return undefined;
  }
  const published: Published[] = [];
  for (const part of quiet.parts) published.push(await repeatPart(part, host, call));
  return published;
}

async function isAsItWas({ base, branches }: Quiet, { gitops, host }: QuietPlace, call: Call): Promise<boolean> {
  const { repository } = gitops;
  const tips = await listRemoteBranches(workTreeOptions(gitops, host), call);
  if (tips.find(({ name }) => name === repository.base)?.commit !== base) return false;
  if (branches === undefined) return true;
  const ours = tips.filter(({ name }) => parseBranchName(repository.branch, name) !== undefined);
  const known = Object.keys(branches).length;
  return ours.length === known && ours.every(({ name, commit }) => branches[name] === commit);
}

async function repeatPart(part: StandingPart, host: OpenHost, call: Call): Promise<Published> {
  const { standing } = part;
  if (standing.kind !== "proposed") return part;
  const request = await inSpan(call, "request", {}, (inner) => host.leave(part.branch, standing.proposal, inner));
  const { outcome = "none", pullRequest, warnings = [] } = request ?? {};
  return { ...part, outcome, pullRequest, warnings };
}
