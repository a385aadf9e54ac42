import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { BranchRules, RepoRef, Repository } from "../../platform.ts";
import { named, repoPath } from "./paths.ts";
import { GiteaProtectedBranch, GiteaRepository } from "./schema.ts";

/** What the host says of a repository. */
export async function getRepository(http: ForgeHttp, repo: RepoRef, call: Call): Promise<Repository> {
  const operation = `look at repository ${named(repo)}`;
  const found = await http.json({ method: "GET", path: repoPath(repo), answer: GiteaRepository, operation }, call);
  return {
    repo,
    url: found.html_url,
    defaultBranch: found.default_branch,
    empty: found.empty,
    archived: found.archived,
    canPush: found.permissions?.push ?? false,
    takesPullRequests: found.has_pull_requests,
  };
}

/** What protects a branch. */
export async function getBranchRules(http: ForgeHttp, repo: RepoRef, branch: string, call: Call): Promise<BranchRules> {
  const path = `${repoPath(repo)}/branches/${branch.split("/").map(encodeURIComponent).join("/")}`;
  const operation = `look at branch ${branch} of ${named(repo)}`;
  const found = await http.json({ method: "GET", path, answer: GiteaProtectedBranch, operation }, call);
  return {
    protected: found.protected,
    // Of a branch without rules Gitea tells something else here: whether a request of a fork may be pushed to.
    mayPush: found.protected ? found.user_can_push : undefined,
    requiredStatuses: found.enable_status_check ? (found.status_check_contexts ?? []) : [],
  };
}
