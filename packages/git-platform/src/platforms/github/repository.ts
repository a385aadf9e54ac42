import type { Call } from "@kubeferry/model";
import type { BranchRules, RepoRef, Repository } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitHubApi } from "./api.ts";
import type { GitHubCredential } from "./credential.ts";
import { at, named, repoPath } from "./paths.ts";
import { GitHubBranch, GitHubRepository, GitHubRule } from "./schema.ts";

/** See GitPlatform. */
export async function getRepository(
  api: GitHubApi,
  credential: GitHubCredential,
  repo: RepoRef,
  call: Call,
): Promise<Repository> {
  const operation = `look at repository ${named(repo)}`;
  const send = { operation, answer: GitHubRepository } as const;
  const found = await api.ask({ ...send, send: ({ rest }) => rest.repos.get(at(repo)) }, call);
  return {
    repo,
    url: found.html_url,
    defaultBranch: found.default_branch,
    // Only a repository that looks empty is worth a second question.
    empty: found.size === 0 && (await hasNoCommit(api, repo, found.default_branch, call)),
    archived: found.archived || found.disabled === true,
    canPush: await canPush(credential, found.permissions?.push),
    takesPullRequests: found.has_pull_requests !== false,
  };
}

/** See GitPlatform. Rules of branch protection and of rulesets count alike; who may pass by them is not told. */
export async function getBranchRules(api: GitHubApi, repo: RepoRef, branch: string, call: Call): Promise<BranchRules> {
  const operation = `look at the rules of branch ${branch} of ${named(repo)}`;
  const found = await api.ask(
    { operation, answer: GitHubBranch, send: ({ rest }) => rest.repos.getBranch({ ...at(repo), branch }) },
    call,
  );
  const rules = await rulesOfRulesets(api, { repo, branch, operation }, call);
  const required = [...protectionStatuses(found), ...rules.flatMap(rulesetStatuses)];
  return {
    protected: found.protected || rules.length > 0,
    mayPush: undefined,
    requiredStatuses: [...new Set(required)].sort(),
  };
}

// Of a person the host tells the person's right, which a fine-grained token may fall short of; of an installation
// it answers "push: false" whatever that may do.
async function canPush(credential: GitHubCredential, push: boolean | undefined): Promise<boolean | undefined> {
  switch (credential.kind) {
    case "classic":
    case "none":
      return push;
    case "fine-grained":
      return push === false ? false : undefined;
    case "installation": {
      const permissions = await credential.permissions();
      return permissions === undefined ? undefined : permissions.contents === "write";
    }
    default:
      return credential.kind satisfies never;
  }
}

async function hasNoCommit(api: GitHubApi, repo: RepoRef, branch: string, call: Call): Promise<boolean> {
  const operation = `look whether repository ${named(repo)} is empty`;
  try {
    await api.done({ operation, send: ({ rest }) => rest.git.getRef({ ...at(repo), ref: `heads/${branch}` }) }, call);
    return false;
  } catch (error) {
    // 409 "Git Repository is empty."; a 404 is a repository with other branches only.
    if (error instanceof PlatformError && error.status === 409) return true;
    if (error instanceof PlatformError && error.status === 404) return false;
    throw error;
  }
}

async function rulesOfRulesets(
  api: GitHubApi,
  { repo, branch, operation }: { readonly repo: RepoRef; readonly branch: string; readonly operation: string },
  call: Call,
): Promise<readonly GitHubRule[]> {
  const path = `${repoPath(repo)}/rules/branches/${encodeURIComponent(branch)}`;
  const rules: GitHubRule[] = [];
  try {
    for await (const rule of api.pages({ path, item: GitHubRule, operation }, call)) rules.push(rule);
    return rules;
  } catch (error) {
    // A server older than rulesets, or a private repository in a plan without them: there are none.
    if (error instanceof PlatformError && (error.status === 404 || error.status === 403)) return [];
    throw error;
  }
}

function protectionStatuses({ protection }: GitHubBranch): readonly string[] {
  const { contexts, checks } = protection?.required_status_checks ?? {};
  return [...(contexts ?? []), ...(checks ?? []).map(({ context }) => context)];
}

function rulesetStatuses({ type, parameters }: GitHubRule): readonly string[] {
  if (type !== "required_status_checks") return [];
  return (parameters?.required_status_checks ?? []).map(({ context }) => context);
}
