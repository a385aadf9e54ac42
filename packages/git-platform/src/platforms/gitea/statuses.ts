import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import { named, PAGE_SIZE, repoPath } from "./paths.ts";
import { GiteaStatus } from "./schema.ts";

/** The newest status of a name on a commit. */
export async function getStatus(
  http: ForgeHttp,
  repo: RepoRef,
  at: { readonly commit: string; readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const path = `${repoPath(repo)}/commits/${at.commit}/status`;
  const operation = `look at the statuses of ${named(repo)} ${at.commit.slice(0, 12)}`;
  const list = { path, query: { limit: PAGE_SIZE }, itemsIn: "statuses", item: GiteaStatus, paging: "number" } as const;
  for await (const found of http.pages({ ...list, operation }, call)) {
    const { context, description, target_url: url } = found;
    if (context !== at.context) continue;
    // "pending" is of no run of ours: what is wanted differs from it either way.
    return { context, state: found.status === "success" ? "success" : "failure", description, url };
  }
  return undefined;
}

/** Adds a status; of several of one name Gitea counts the newest. */
export async function setStatus(
  http: ForgeHttp,
  repo: RepoRef,
  commit: string,
  { context, state, description, url }: CommitStatus,
  call: Call,
): Promise<void> {
  const path = `${repoPath(repo)}/statuses/${commit}`;
  const body = { context, state, description, target_url: url };
  const operation = `set a status of ${named(repo)} ${commit.slice(0, 12)}`;
  await http.done({ method: "POST", path, body, operation }, call);
}
