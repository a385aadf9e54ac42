import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchRules, RepoRef, Repository } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { API_VERSION, branchOf, named, PAGE_SIZE, refOf, repoPath } from "./paths.ts";
import { AzurePolicy, AzureRef, AzureRepository } from "./schema.ts";

/** The policy that waits for a status of another service. */
const STATUS_POLICY = "cbdc66da-9728-4af8-aada-9a5a32e4a226";

/** What the host says of a repository. Whether the token may push is said by nothing before a push. */
export async function getRepository(http: ForgeHttp, repo: RepoRef, call: Call): Promise<Repository> {
  const found = await readRepository(http, repo, `look at repository ${named(repo)}`, call);
  return {
    repo,
    url: found.webUrl ?? "",
    defaultBranch: branchOf(found.defaultBranch ?? ""),
    empty: found.defaultBranch === undefined,
    archived: found.isDisabled ?? false,
    canPush: undefined,
    takesPullRequests: true,
  };
}

/** The policies that apply to a branch: one that blocks is also what refuses a push. */
export async function getBranchRules(
  http: ForgeHttp,
  { repo, branch }: { readonly repo: RepoRef; readonly branch: string },
  call: Call,
): Promise<BranchRules> {
  const operation = `look at branch ${branch} of ${named(repo)}`;
  const ref = await findRef(http, { repo, branch, operation }, call);
  const policies = await policiesOf(http, { repo, branch, operation }, call);
  if (ref.isLocked === true) return { protected: true, mayPush: false, requiredStatuses: statusesOf(policies ?? []) };
  if (policies === undefined) return { protected: undefined, mayPush: undefined, requiredStatuses: [] };
  const blocked = policies.length > 0;
  return { protected: blocked, mayPush: blocked ? false : undefined, requiredStatuses: statusesOf(policies) };
}

/** A branch by its whole name. @throws PlatformError "not-found" */
export async function findRef(
  http: ForgeHttp,
  { repo, branch, operation }: { readonly repo: RepoRef; readonly branch: string; readonly operation: string },
  call: Call,
): Promise<AzureRef> {
  // The filter is a beginning: "main" finds "main-2" too.
  const query = { filter: `heads/${branch}`, $top: PAGE_SIZE, ...API_VERSION };
  const request = { path: `${repoPath(repo)}/refs`, query, item: AzureRef, itemsIn: "value", operation } as const;
  for await (const ref of http.pages({ ...request, paging: continued }, call)) {
    if (ref.name === refOf(branch)) return ref;
  }
  throw new PlatformError({
    kind: "not-found",
    who: "azure-devops",
    operation,
    problem: `the repository has no branch ${branch}`,
    next: "check repository.base and branch",
  });
}

async function policiesOf(
  http: ForgeHttp,
  { repo, branch, operation }: { readonly repo: RepoRef; readonly branch: string; readonly operation: string },
  call: Call,
): Promise<readonly AzurePolicy[] | undefined> {
  const { id } = await readRepository(http, repo, operation, call);
  const path = `/${encodeURIComponent(repo.owner)}/_apis/git/policy/configurations`;
  const query = { repositoryId: id, refName: refOf(branch), ...API_VERSION };
  const policies: AzurePolicy[] = [];
  try {
    const request = { path, query, item: AzurePolicy, itemsIn: "value", operation } as const;
    for await (const policy of http.pages({ ...request, paging: continued }, call)) {
      if (policy.isEnabled && policy.isBlocking && policy.isDeleted !== true) policies.push(policy);
    }
    return policies;
  } catch (error) {
    // The token may lack the right to read policies, and need no more for anything else.
    if (error instanceof PlatformError && (error.status === 401 || error.status === 403)) return undefined;
    throw error;
  }
}

function continued({ answer }: { readonly answer: { readonly headers: Readonly<Record<string, string>> } }) {
  const token = answer.headers["x-ms-continuationtoken"];
  return token === undefined ? undefined : { query: { continuationToken: token } };
}

function statusesOf(policies: readonly AzurePolicy[]): readonly string[] {
  return policies
    .filter(({ type }) => type.id.toLowerCase() === STATUS_POLICY)
    .flatMap(({ settings }) => {
      const { statusName: name, statusGenre: genre } = settings ?? {};
      if (name === undefined || name === null) return [];
      return [genre === undefined || genre === null || genre === "" ? name : `${genre}/${name}`];
    });
}

function readRepository(http: ForgeHttp, repo: RepoRef, operation: string, call: Call) {
  const request = { method: "GET", path: repoPath(repo), query: API_VERSION, operation } as const;
  return http.json({ ...request, answer: AzureRepository }, call);
}
