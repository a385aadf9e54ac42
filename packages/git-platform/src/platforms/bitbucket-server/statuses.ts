import type { Call } from "@kubeferry/model";
import type { ForgeAnswer } from "../../http/forge-http.ts";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import { ask, type ServerApi, WHO } from "./api.ts";
import { exceptionsOf } from "./errors.ts";
import { named, nextStart, PAGE_LIMIT, repoPath } from "./paths.ts";
import { ServerBuild } from "./schema.ts";

interface At {
  readonly commit: string;
  readonly context: string;
}

/** The build status of a name on a commit. */
export async function getStatus(api: ServerApi, repo: RepoRef, at: At, call: Call): Promise<CommitStatus | undefined> {
  const path = `${repoPath(repo)}/commits/${encodeURIComponent(at.commit)}/builds`;
  const operation = `look at the build statuses of ${named(repo)} ${at.commit.slice(0, 12)}`;
  const request = { method: "GET", path, query: { key: at.context }, operation } as const;
  const { answer, error } = await ask(api, request, call);
  if (error === undefined) return toStatus(at, parseAnswer(WHO, request, answer, ServerBuild));
  if (answer.status !== 404) throw error;
  if (isTooOld(answer)) return getOldStatus(api, repo, at, call);
  // The repository and the commit are there: it is the status that is not.
  if (exceptionsOf(answer).some((name) => /^NoSuch(Project|Repository|Commit)Exception$/.test(name))) throw error;
  return undefined;
}

/** Sets a build status; one of the same key is replaced. */
export async function setStatus(
  api: ServerApi,
  repo: RepoRef,
  commit: string,
  { context, state, description, url }: CommitStatus,
  call: Call,
): Promise<void> {
  const path = `${repoPath(repo)}/commits/${encodeURIComponent(commit)}/builds`;
  const build = { key: context, state: state === "success" ? "SUCCESSFUL" : "FAILED", url, name: context, description };
  const operation = `set a build status of ${named(repo)} ${commit.slice(0, 12)}`;
  // A merge check of required builds goes by the parent's name.
  const body = { ...build, parent: context };
  const { answer, error } = await ask(api, { method: "POST", path, body, operation }, call);
  if (error === undefined) return;
  if (!isTooOld(answer)) throw error;
  await api.http.done({ method: "POST", path: oldPath(commit), body: build, operation }, call);
}

// Before 7.14 there were no build statuses of a repository, only of a commit wherever it lies.
async function getOldStatus(api: ServerApi, repo: RepoRef, at: At, call: Call): Promise<CommitStatus | undefined> {
  const list = {
    path: oldPath(at.commit),
    query: { limit: PAGE_LIMIT },
    itemsIn: "values",
    item: ServerBuild,
  } as const;
  const operation = `look at the build statuses of ${named(repo)} ${at.commit.slice(0, 12)}`;
  for await (const build of api.http.pages({ ...list, paging: nextStart, operation }, call)) {
    if (build.key === at.context) return toStatus(at, build);
  }
  return undefined;
}

function oldPath(commit: string): string {
  return `/build-status/latest/commits/${encodeURIComponent(commit)}`;
}

// A path that the server does not have is answered without the name of an exception.
function isTooOld(answer: ForgeAnswer): boolean {
  return (answer.status === 404 || answer.status === 405) && exceptionsOf(answer).length === 0;
}

function toStatus({ context }: At, { state, description, url }: ServerBuild): CommitStatus {
  // One that is under way or was stopped is of no run of ours: what is wanted differs from it either way.
  return { context, state: state === "SUCCESSFUL" ? "success" : "failure", description: description ?? "", url };
}
