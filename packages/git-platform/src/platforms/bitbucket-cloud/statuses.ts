import { createHash } from "node:crypto";
import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { CommitStatus, RepoRef } from "../../platform.ts";
import { named, nextInBody, PAGE_LENGTH, repoPath } from "./paths.ts";
import { CloudStatus } from "./schema.ts";

/** Bitbucket's limit on the key that a build status is told apart by. */
const KEY_LENGTH = 40;

/** The build status of a name on a commit. */
export async function getStatus(
  http: ForgeHttp,
  repo: RepoRef,
  at: { readonly commit: string; readonly context: string },
  call: Call,
): Promise<CommitStatus | undefined> {
  const path = `${commitPath(repo, at.commit)}/statuses`;
  const list = { path, query: { pagelen: PAGE_LENGTH }, itemsIn: "values", item: CloudStatus } as const;
  const operation = `look at the build statuses of ${named(repo)} ${at.commit.slice(0, 12)}`;
  const wanted = keyOf(at.context);
  for await (const { key, state, description, url } of http.pages({ ...list, paging: nextInBody, operation }, call)) {
    if (key !== wanted) continue;
    // One that is under way or was stopped is of no run of ours: what is wanted differs from it either way.
    const success = state === "SUCCESSFUL";
    return {
      context: at.context,
      state: success ? "success" : "failure",
      description: description ?? "",
      url: url ?? "",
    };
  }
  return undefined;
}

/** Sets a build status; one of the same key is replaced. */
export async function setStatus(
  http: ForgeHttp,
  repo: RepoRef,
  commit: string,
  { context, state, description, url }: CommitStatus,
  call: Call,
): Promise<void> {
  const body = {
    key: keyOf(context),
    name: context,
    state: state === "success" ? "SUCCESSFUL" : "FAILED",
    description,
    url,
  };
  const operation = `set a build status of ${named(repo)} ${commit.slice(0, 12)}`;
  await http.done({ method: "POST", path: `${commitPath(repo, commit)}/statuses/build`, body, operation }, call);
}

/** The name itself where it is short enough, else its beginning and a digest of the whole. */
function keyOf(context: string): string {
  if (context.length <= KEY_LENGTH) return context;
  const digest = createHash("sha256").update(context, "utf8").digest("hex").slice(0, 12);
  return `${context.slice(0, KEY_LENGTH - digest.length - 1)}-${digest}`;
}

function commitPath(repo: RepoRef, commit: string): string {
  return `${repoPath(repo)}/commit/${encodeURIComponent(commit)}`;
}
