import type { Call } from "@kubeferry/model";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { PlatformError, type PlatformErrorKind } from "../../platform-error.ts";
import { ask, type ServerApi, WHO } from "./api.ts";
import { namedPull, pullPath, repoPath } from "./paths.ts";
import { readPull } from "./put-pull.ts";
import { ServerAutoMerge, ServerAutoMergeSettings, ServerPullSettings } from "./schema.ts";

/** How Bitbucket names the methods, the preferred way first; a repository allows some of them. */
const STRATEGIES = {
  merge: ["no-ff", "ff"],
  squash: ["squash", "squash-ff-only"],
  rebase: ["rebase-ff-only", "rebase-no-ff"],
} as const;

/**
 * Has Bitbucket merge once its merge checks pass, or at once where they do. It forgets about it by itself when the
 * source branch gets another commit. Whether the branch is deleted then is a setting of the repository.
 */
export async function enableAutoMerge(
  api: ServerApi,
  open: PullRequest,
  { method, commit }: { readonly method: MergeMethod; readonly commit: string },
  call: Call,
): Promise<void> {
  const operation = `have ${namedPull(open)} merged by itself`;
  const { version, fromRef, draft } = await readPull(api, open, call);
  if (fromRef.latestCommit !== commit)
    throw refused("conflict", operation, "it has another newest commit", "run again");
  if (draft === true) throw refused("invalid", operation, "it is a draft");
  await requireAutoMerge(api, open, operation, call);
  const strategyId = method === "default" ? undefined : await strategyOf(api, open, method, operation, call);
  const set = await autoMergeOf(api, open, call);
  if (set !== undefined) {
    const same = (set.fromHash ?? commit) === commit && (strategyId ?? set.strategyId) === set.strategyId;
    if (same) return;
    await cancelAutoMerge(api, open, call);
  }
  const body = { autoMerge: true, ...(strategyId === undefined ? {} : { strategyId }) };
  const request = { method: "POST", path: `${pullPath(open)}/merge`, query: { version }, body } as const;
  await api.http.done({ ...request, operation }, call);
}

/** Takes it back. What Bitbucket answers where nothing is set is not documented: that is looked at after a refusal. */
export async function cancelAutoMerge(api: ServerApi, open: PullRequest, call: Call): Promise<void> {
  const operation = `have ${namedPull(open)} not merged by itself`;
  try {
    await api.http.done({ method: "DELETE", path: `${pullPath(open)}/auto-merge`, operation }, call);
  } catch (error) {
    if (!(error instanceof PlatformError && REFUSALS.has(error.status ?? 0))) throw error;
    await readPull(api, open, call);
    if ((await autoMergeOf(api, open, call)) !== undefined) throw error;
  }
}

const REFUSALS: ReadonlySet<number> = new Set([403, 404, 409]);

async function requireAutoMerge({ http }: ServerApi, open: PullRequest, operation: string, call: Call): Promise<void> {
  const path = `${repoPath(open.repo)}/settings/auto-merge`;
  const { enabled } = await http.json({ method: "GET", path, answer: ServerAutoMergeSettings, operation }, call);
  const next = "switch it on in the repository's settings, or set pullRequest.autoMerge: off";
  if (!enabled) throw refused("invalid", operation, "the repository has auto-merge switched off", next);
}

async function strategyOf(
  { http }: ServerApi,
  open: PullRequest,
  method: Exclude<MergeMethod, "default">,
  operation: string,
  call: Call,
): Promise<string> {
  const path = `${repoPath(open.repo)}/settings/pull-requests`;
  const { mergeConfig } = await http.json({ method: "GET", path, answer: ServerPullSettings, operation }, call);
  const allowed = new Set(mergeConfig.strategies.flatMap(({ id, enabled }) => (enabled === false ? [] : [id])));
  const found = STRATEGIES[method].find((id) => allowed.has(id));
  if (found !== undefined) return found;
  throw refused("invalid", operation, `the repository does not allow the method ${method}`);
}

async function autoMergeOf(api: ServerApi, open: PullRequest, call: Call): Promise<ServerAutoMerge | undefined> {
  const operation = `look whether ${namedPull(open)} is merged by itself`;
  const request = { method: "GET", path: `${pullPath(open)}/auto-merge`, operation } as const;
  const { answer, error } = await ask(api, request, call);
  // The request itself was just read.
  if (answer.status === 404 || answer.status === 204) return undefined;
  if (error !== undefined) throw error;
  return parseAnswer(WHO, request, answer, ServerAutoMerge);
}

function refused(kind: PlatformErrorKind, operation: string, problem: string, next?: string): PlatformError {
  return new PlatformError({ kind, who: WHO, operation, problem, ...(next === undefined ? {} : { next }) });
}
