import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import { API_VERSION, named, repoPath } from "./paths.ts";
import { AzureStatus, listOf } from "./schema.ts";

/** More names than a commit ever has; the newest of each is given. */
const NAMES = 1_000;

/** The verdict of this name; one that is not decided yet is none. */
export async function getStatus(
  http: ForgeHttp,
  repo: RepoRef,
  { commit, context }: { readonly commit: string; readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const path = `${repoPath(repo)}/commits/${commit}/statuses`;
  const query = { ...API_VERSION, latestOnly: true, top: NAMES };
  const operation = `look at the statuses of ${named(repo)} ${commit.slice(0, 12)}`;
  const { value } = await http.json({ method: "GET", path, query, answer: listOf(AzureStatus), operation }, call);
  const found = value.find((one) => nameOf(one) === context);
  const state = found === undefined ? undefined : stateOf(found);
  if (found === undefined || state === undefined) return undefined;
  return { context, state, description: found.description ?? "", url: found.targetUrl ?? "" };
}

/**
 * Adds a verdict to the commit. Azure's policies wait for a status of the request and know none of commits: where the
 * verdict's address is that of a request, the request gets it too.
 */
export async function setStatus(
  http: ForgeHttp,
  repo: RepoRef,
  { commit, status }: { readonly commit: string; readonly status: CommitStatus },
  call: Call,
): Promise<void> {
  const body = {
    state: status.state === "success" ? "succeeded" : "failed",
    description: status.description,
    targetUrl: status.url,
    context: contextOf(status.context),
  };
  const operation = `set a status of ${named(repo)} ${commit.slice(0, 12)}`;
  const set = (path: string) =>
    http.done({ method: "POST", path: `${repoPath(repo)}${path}`, query: API_VERSION, body, operation }, call);
  await set(`/commits/${commit}/statuses`);
  const number = /\/_git\/[^/]+\/pullrequest\/(\d+)$/.exec(status.url)?.[1];
  if (number !== undefined) await set(`/pullRequests/${number}/statuses`);
}

// "kubeferry/validation": Azure keeps what is before the last "/" apart, as the genre.
function contextOf(context: string): { readonly name: string; readonly genre?: string } {
  const slash = context.lastIndexOf("/");
  return slash < 0 ? { name: context } : { genre: context.slice(0, slash), name: context.slice(slash + 1) };
}

function nameOf({ context: { genre, name } }: AzureStatus): string {
  return genre === undefined || genre === null || genre === "" ? name : `${genre}/${name}`;
}

function stateOf({ state }: AzureStatus): CommitStatus["state"] | undefined {
  if (state === "succeeded") return "success";
  return state === "failed" || state === "error" ? "failure" : undefined;
}
