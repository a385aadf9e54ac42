import type { Call } from "@kubeferry/model";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitLabClient } from "./client.ts";
import { projectId } from "./merge-requests.ts";
import { GitLabStatus } from "./schema.ts";

/** What GitLab takes as the address of a status. */
const URL_LENGTH = 255;

interface Place {
  readonly repo: RepoRef;
  readonly commit: string;
}

/** The newest verdict of this name; one that is not decided yet is none. */
export async function getCommitStatus(
  { requests, pages }: GitLabClient,
  { repo, commit, context }: Place & { readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const operation = `read commit status ${context} of ${projectId(repo)} ${commit.slice(0, 12)}`;
  const made = requests.commits.allStatuses(projectId(repo), commit, { name: context });
  const newest: { status?: GitLabStatus } = {};
  // One a ref: a commit can lie in several branches.
  for await (const status of pages(made, { operation, item: GitLabStatus }, call)) {
    if (status.name === context && status.id > (newest.status?.id ?? -1)) newest.status = status;
  }
  return newest.status === undefined ? undefined : toCommitStatus(newest.status);
}

/** Sets a verdict. GitLab refuses to set the state that there is: that is fine where it is the wanted one. */
export async function setCommitStatus(
  client: GitLabClient,
  at: Place & { readonly status: CommitStatus },
  call: Call,
): Promise<void> {
  const { repo, commit, status } = at;
  const operation = `set commit status ${status.context} of ${projectId(repo)} ${commit.slice(0, 12)}`;
  const state = status.state === "success" ? "success" : "failed";
  const made = client.requests.commits.editStatus(projectId(repo), commit, state, {
    name: status.context,
    description: status.description,
    ...(status.url.length > URL_LENGTH ? {} : { targetUrl: status.url }),
  });
  try {
    await client.done(made, { operation }, call);
  } catch (error) {
    if (!(error instanceof PlatformError && error.status === 400)) throw error;
    const there = await getCommitStatus(client, { repo, commit, context: status.context }, call);
    if (there?.state !== status.state) throw error;
  }
}

function toCommitStatus({ name, status, description, target_url }: GitLabStatus): CommitStatus | undefined {
  if (status !== "success" && status !== "failed") return undefined;
  const state = status === "success" ? "success" : "failure";
  return { context: name, state, description: description ?? "", url: target_url ?? "" };
}
