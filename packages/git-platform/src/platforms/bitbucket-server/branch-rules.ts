import type { Call } from "@kubeferry/model";
import type { BranchRules, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { type ServerApi, WHO } from "./api.ts";
import { named, nextStart, PAGE_LIMIT, refOf, repoPath } from "./paths.ts";
import { ServerBranch, ServerCondition, type ServerMatcher, ServerRestriction } from "./schema.ts";

/** Permissions that keep pushes away; the others are about deleting and rewriting. */
const KEEPS_PUSHES_AWAY = ["read-only", "pull-request-only"];

/**
 * What protects a branch: branch permissions, which only administrators of the repository are shown, and the builds
 * that have to succeed, which everybody is.
 */
export async function getBranchRules(api: ServerApi, repo: RepoRef, branch: string, call: Call): Promise<BranchRules> {
  await requireBranch(api, repo, branch, call);
  const requiredStatuses = await requiredBuilds(api, repo, branch, call);
  const restrictions = await restrictionsOf(api, repo, call);
  if (restrictions === undefined) return { protected: undefined, mayPush: undefined, requiredStatuses };
  const applying = restrictions.filter(({ matcher }) => matches(matcher, branch) === true);
  const unclear = restrictions.some(({ matcher }) => matches(matcher, branch) === undefined);
  const isProtected = applying.length > 0 ? true : unclear ? undefined : false;
  return { protected: isProtected, mayPush: mayPush(applying), requiredStatuses };
}

async function requireBranch({ http }: ServerApi, repo: RepoRef, branch: string, call: Call): Promise<void> {
  const operation = `look at branch ${named(repo)} ${branch}`;
  const query = { filterText: branch, limit: PAGE_LIMIT };
  const list = { path: `${repoPath(repo)}/branches`, query, itemsIn: "values", item: ServerBranch } as const;
  for await (const { id } of http.pages({ ...list, paging: nextStart, operation }, call)) {
    if (id === refOf(branch)) return;
  }
  throw new PlatformError({ kind: "not-found", who: WHO, operation, problem: "the repository has no such branch" });
}

async function requiredBuilds(
  { http }: ServerApi,
  repo: RepoRef,
  branch: string,
  call: Call,
): Promise<readonly string[]> {
  const path = `${repoPath(repo, "required-builds")}/conditions`;
  const list = { path, query: { limit: PAGE_LIMIT }, itemsIn: "values", item: ServerCondition } as const;
  const operation = `look at the required builds of ${named(repo)}`;
  const names = new Set<string>();
  try {
    for await (const { buildParentKeys, refMatcher } of http.pages({ ...list, paging: nextStart, operation }, call)) {
      if (matches(refMatcher, branch) === true) for (const key of buildParentKeys) names.add(key);
    }
  } catch (error) {
    // Before 7.17 there are none, and some licences have none.
    if (!(error instanceof PlatformError && error.kind === "not-found")) throw error;
  }
  return [...names].sort();
}

async function restrictionsOf(
  { http }: ServerApi,
  repo: RepoRef,
  call: Call,
): Promise<readonly ServerRestriction[] | undefined> {
  const path = `${repoPath(repo, "branch-permissions")}/restrictions`;
  const list = { path, query: { limit: PAGE_LIMIT }, itemsIn: "values", item: ServerRestriction } as const;
  const operation = `look at the branch permissions of ${named(repo)}`;
  const restrictions: ServerRestriction[] = [];
  try {
    for await (const one of http.pages({ ...list, paging: nextStart, operation }, call)) restrictions.push(one);
    return restrictions;
  } catch (error) {
    // The repository and the token were accepted just before: it is the right to see this that lacks.
    if (error instanceof PlatformError && error.kind === "denied") return undefined;
    throw error;
  }
}

/** undefined where the branching model decides, which changes without the permission. */
function matches({ id, type }: ServerMatcher, branch: string): boolean | undefined {
  switch (type.id) {
    case "ANY_REF":
      return true;
    case "BRANCH":
      return id === refOf(branch);
    case "PATTERN":
      return patternOf(id).test(refOf(branch));
    default:
      return undefined;
  }
}

// Ant's patterns: "?" and "*" within a step, "**" across them; a pattern may begin at any step, one that ends in "/"
// takes all below it.
function patternOf(pattern: string): RegExp {
  const whole = pattern.replace(/^\/+/, "").replace(/\/$/, "/**");
  const source = whole.replace(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === "**/") return "(?:.*/)?";
    if (found === "**") return ".*";
    if (found === "*") return "[^/]*";
    return found === "?" ? "[^/]" : `\\${found}`;
  });
  return new RegExp(`^(?:.*/)?${source}$`);
}

// Whom a permission lets through is a matter of users, groups and keys; nobody is nobody.
function mayPush(applying: readonly ServerRestriction[]): boolean | undefined {
  const keeping = applying.filter(({ type }) => KEEPS_PUSHES_AWAY.includes(type));
  const forNobody = keeping.some(({ users, groups, accessKeys }) =>
    [users, groups, accessKeys].every((exempt) => (exempt ?? []).length === 0),
  );
  return forNobody ? false : undefined;
}
