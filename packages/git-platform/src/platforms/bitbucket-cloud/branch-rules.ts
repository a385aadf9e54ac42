import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchRules, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { named, nextInBody, PAGE_LENGTH, quoted, repoPath } from "./paths.ts";
import { CloudBranch, CloudRestriction } from "./schema.ts";

/**
 * The restrictions on a branch. Bitbucket shows them to administrators of the repository only; builds it requires by
 * number, never by name.
 */
export async function getBranchRules(http: ForgeHttp, repo: RepoRef, branch: string, call: Call): Promise<BranchRules> {
  await requireBranch(http, repo, branch, call);
  const restrictions = await restrictionsOf(http, repo, call);
  const unknown = { protected: undefined, mayPush: undefined, requiredStatuses: [] };
  if (restrictions === undefined) return unknown;
  const applying = restrictions.filter((one) => isGlob(one) && globMatches(one.pattern ?? "", branch));
  // Which branches are "production" ones is in the branching model, and changes with it.
  if (applying.length === 0 && restrictions.some((one) => !isGlob(one))) return unknown;
  return { protected: applying.length > 0, mayPush: mayPush(applying), requiredStatuses: [] };
}

async function requireBranch(http: ForgeHttp, repo: RepoRef, branch: string, call: Call): Promise<void> {
  const operation = `look at branch ${named(repo)} ${branch}`;
  const query = { q: `name = ${quoted(branch)}`, pagelen: PAGE_LENGTH };
  const list = { path: `${repoPath(repo)}/refs/branches`, query, itemsIn: "values", item: CloudBranch } as const;
  for await (const { name } of http.pages({ ...list, paging: nextInBody, operation }, call)) {
    if (name === branch) return;
  }
  const problem = "the repository has no such branch";
  throw new PlatformError({ kind: "not-found", who: "bitbucket-cloud", operation, problem });
}

async function restrictionsOf(
  http: ForgeHttp,
  repo: RepoRef,
  call: Call,
): Promise<readonly CloudRestriction[] | undefined> {
  const path = `${repoPath(repo)}/branch-restrictions`;
  const list = { path, query: { pagelen: PAGE_LENGTH }, itemsIn: "values", item: CloudRestriction } as const;
  const operation = `look at the branch restrictions of ${named(repo)}`;
  const restrictions: CloudRestriction[] = [];
  try {
    for await (const one of http.pages({ ...list, paging: nextInBody, operation }, call)) restrictions.push(one);
    return restrictions;
  } catch (error) {
    if (error instanceof PlatformError && error.status === 403) return undefined;
    throw error;
  }
}

function isGlob({ branch_match_kind }: CloudRestriction): boolean {
  return branch_match_kind !== "branching_model";
}

// "*" stands for any characters, a slash too; there is nothing else.
function globMatches(pattern: string, branch: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(branch);
}

// Whom a restriction on pushes lets through is a matter of users and groups; nobody is nobody.
function mayPush(applying: readonly CloudRestriction[]): boolean | undefined {
  const pushes = applying.filter(({ kind }) => kind === "push");
  if (pushes.some(({ users, groups }) => (users ?? []).length === 0 && (groups ?? []).length === 0)) return false;
  return undefined;
}
