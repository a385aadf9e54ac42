import type { Call } from "@kubeferry/model";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import type { GitHubApi } from "./api.ts";
import { at, named, repoPath } from "./paths.ts";
import { GitHubStatus } from "./schema.ts";

/** See GitPlatform. Of each name GitHub gives the newest; one that is "pending" is no verdict yet. */
export async function getCommitStatus(
  api: GitHubApi,
  repo: RepoRef,
  { commit, context }: { readonly commit: string; readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const path = `${repoPath(repo)}/commits/${commit}/status`;
  const operation = `read status ${context} of commit ${commit} of ${named(repo)}`;
  for await (const status of api.pages({ path, itemsIn: "statuses", item: GitHubStatus, operation }, call)) {
    if (status.context === context) return toCommitStatus(status);
  }
  return undefined;
}

/** See GitPlatform. */
export async function setCommitStatus(
  api: GitHubApi,
  repo: RepoRef,
  { commit, status }: { readonly commit: string; readonly status: CommitStatus },
  call: Call,
): Promise<void> {
  const { context, state, description, url } = status;
  const wanted = { ...at(repo), sha: commit, context, state, description, target_url: url };
  const operation = `set status ${context} of commit ${commit} of ${named(repo)}`;
  await api.done({ operation, send: ({ rest }) => rest.repos.createCommitStatus(wanted) }, call);
}

function toCommitStatus(found: GitHubStatus): CommitStatus | undefined {
  const { context, state, description, target_url } = found;
  if (state === "pending") return undefined;
  return {
    context,
    state: state === "success" ? "success" : "failure",
    description: description ?? "",
    url: target_url ?? "",
  };
}
