import type { Call } from "@kubeferry/model";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { PullRequest, PullRequestChanges } from "../../platform.ts";
import { ask, isOutOfDate, type ServerApi, WHO } from "./api.ts";
import { refusedReviewers } from "./errors.ts";
import { namedPull, pullPath } from "./paths.ts";
import { ServerPull } from "./schema.ts";

/** What to change of a request as it is read: what a PUT does not name, Bitbucket clears. */
export interface PullChange extends PullRequestChanges {
  /** Names of users to ask beside those who are asked already. */
  readonly reviewers: readonly string[];
}

/**
 * Reads a request and changes it. When somebody else changed it in between, it is read and changed once more. One
 * reviewer who cannot be asked makes Bitbucket refuse all of it: then it is sent again without those it names.
 * @returns the request as it is afterwards, and whom the host refused
 */
export async function changePull(
  api: ServerApi,
  open: PullRequest,
  change: PullChange,
  call: Call,
): Promise<{ readonly pull: ServerPull; readonly refused: readonly string[] }> {
  const refused: string[] = [];
  const state = { now: await readPull(api, open, call), readAgain: false };
  for (;;) {
    const body = bodyOf(state.now, change, refused);
    const request = { method: "PUT", path: pullPath(open), body, operation: `change ${namedPull(open)}` } as const;
    const { answer, error } = await ask(api, request, call);
    if (error === undefined) return { pull: parseAnswer(WHO, request, answer, ServerPull), refused };
    const named = refusedReviewers(answer).filter((name) => !refused.includes(name));
    if (isOutOfDate(answer) && !state.readAgain) {
      state.now = await readPull(api, open, call);
      state.readAgain = true;
    } else if (named.length > 0) refused.push(...named);
    else throw error;
  }
}

/** The request as it is now. */
export async function readPull({ http }: Pick<ServerApi, "http">, open: PullRequest, call: Call): Promise<ServerPull> {
  const operation = `look at ${namedPull(open)}`;
  return http.json({ method: "GET", path: pullPath(open), answer: ServerPull, operation }, call);
}

function bodyOf(
  now: ServerPull,
  { title, body, reviewers }: PullChange,
  refused: readonly string[],
): Readonly<Record<string, unknown>> {
  const present = now.reviewers.map(({ user }) => user.name);
  const wanted = [...new Set([...present, ...reviewers])].filter((name) => !refused.includes(name));
  return {
    version: now.version,
    title: title ?? now.title,
    description: body ?? now.description ?? "",
    reviewers: wanted.map((name) => ({ user: { name } })),
    ...(now.draft === undefined ? {} : { draft: now.draft }),
  };
}
