import type { Call } from "@kubeferry/model";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import type { GitHubApi } from "./api.ts";
import { at, named } from "./paths.ts";
import { GitHubCombinedStatus } from "./schema.ts";

const PAGE_SIZE = 100;
/** GitHub keeps 1,000 statuses of a commit. */
const MAX_PAGES = 10;

/** See GitPlatform. One that is "pending" is no verdict yet. */
export async function getCommitStatus(
  api: GitHubApi,
  repo: RepoRef,
  { commit, context }: { readonly commit: string; readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const operation = `read status ${context} of commit ${commit} of ${named(repo)}`;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const asked = { ...at(repo), ref: commit, per_page: PAGE_SIZE, page };
    const send = { operation, answer: GitHubCombinedStatus } as const;
    const combined = await api.ask({ ...send, send: ({ rest }) => rest.repos.getCombinedStatusForRef(asked) }, call);
    const found = combined.statuses.find((status) => status.context === context);
    if (found !== undefined) return toCommitStatus(found);
    if (combined.statuses.length === 0 || page * PAGE_SIZE >= combined.total_count) return undefined;
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

function toCommitStatus(found: GitHubCombinedStatus["statuses"][number]): CommitStatus | undefined {
  const { context, state, description, target_url } = found;
  if (state === "pending") return undefined;
  return {
    context,
    state: state === "success" ? "success" : "failure",
    description: description ?? "",
    url: target_url ?? "",
  };
}
