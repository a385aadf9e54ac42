import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { namedPull, pullPath, repoPath } from "./paths.ts";
import { GiteaPull, GiteaRepository } from "./schema.ts";

/** After a push Gitea looks for conflicts in the background, mostly within a second, and merges nothing meanwhile. */
const TRIES = 10;
const WAIT_MS = 500;

/** Has Gitea merge once the required statuses have succeeded, or at once where none is required. */
export async function enableAutoMerge(
  http: ForgeHttp,
  open: PullRequest,
  how: { readonly method: MergeMethod; readonly commit: string },
  call: Call,
): Promise<void> {
  const body = {
    do: how.method === "default" ? await defaultMethod(http, open, call) : how.method,
    merge_when_checks_succeed: true,
    delete_branch_after_merge: true,
    head_commit_id: how.commit,
  };
  const operation = `have ${namedPull(open)} merged by itself`;
  const request = { method: "POST", path: `${pullPath(open)}/merge`, body, operation } as const;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await http.send(request, call);
    if (answer.status === 409 && /already scheduled/.test(answer.text)) return;
    const later = answer.status === 405 && /try again later/i.test(answer.text) && attempt < TRIES;
    if (!later) return http.check(request, answer);
    await sleep(WAIT_MS, undefined, { signal: call.signal }).catch(() => undefined);
    call.signal.throwIfAborted();
  }
}

/** Takes it back. */
export async function cancelAutoMerge(http: ForgeHttp, open: PullRequest, call: Call): Promise<void> {
  const operation = `have ${namedPull(open)} not merged by itself`;
  try {
    await http.done({ method: "DELETE", path: `${pullPath(open)}/merge`, operation }, call);
  } catch (error) {
    if (!(error instanceof PlatformError && error.kind === "not-found")) throw error;
    // Nothing was set, or there is no such request: that has to be told apart.
    await http.json({ method: "GET", path: pullPath(open), answer: GiteaPull, operation }, call);
  }
}

async function defaultMethod(http: ForgeHttp, { repo }: PullRequest, call: Call): Promise<string> {
  const operation = `look at repository ${repo.owner}/${repo.name}`;
  const request = { method: "GET", path: repoPath(repo), answer: GiteaRepository, operation } as const;
  return (await http.json(request, call)).default_merge_style ?? "merge";
}
