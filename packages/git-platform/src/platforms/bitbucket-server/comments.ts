import type { Call } from "@kubeferry/model";
import type { Comment, PullRequest } from "../../platform.ts";
import { ask, type ServerApi, unlessOutOfDate } from "./api.ts";
import { namedPull, nextStart, PAGE_LIMIT, pullPath } from "./paths.ts";
import { ServerActivity, ServerComment } from "./schema.ts";

/** Adds a comment. */
export async function addComment({ http }: ServerApi, open: PullRequest, text: string, call: Call): Promise<void> {
  const operation = `comment on ${namedPull(open)}`;
  await http.done({ method: "POST", path: `${pullPath(open)}/comments`, body: { text }, operation }, call);
}

/**
 * The comments and the answers to them, oldest first. Bitbucket lists comments on the whole request only among its
 * activities, newest first: all are read before the first is given.
 */
export async function* listComments({ http }: ServerApi, open: PullRequest, call: Call): AsyncIterable<Comment> {
  const path = `${pullPath(open)}/activities`;
  const list = { path, query: { limit: PAGE_LIMIT }, itemsIn: "values", item: ServerActivity } as const;
  const operation = `list the comments on ${namedPull(open)}`;
  const found = new Map<number, ServerComment>();
  for await (const { action, commentAction, comment } of http.pages({ ...list, paging: nextStart, operation }, call)) {
    if (action !== "COMMENTED" || commentAction === "DELETED" || comment === undefined) continue;
    for (const one of withAnswers(comment)) found.set(one.id, one);
  }
  for (const { id, text, author } of [...found.values()].sort((one, other) => one.id - other.id)) {
    yield { id: String(id), text, author: author?.name };
  }
}

/** Replaces a comment's text; when somebody changed it in between, once more. */
export async function updateComment(
  api: ServerApi,
  open: PullRequest,
  { id }: Comment,
  text: string,
  call: Call,
): Promise<void> {
  const path = `${pullPath(open)}/comments/${encodeURIComponent(id)}`;
  const operation = `change a comment on ${namedPull(open)}`;
  await unlessOutOfDate(async () => {
    const { version } = await api.http.json({ method: "GET", path, answer: ServerComment, operation }, call);
    return ask(api, { method: "PUT", path, body: { version, text }, operation }, call);
  });
}

function withAnswers(comment: ServerComment): readonly ServerComment[] {
  return [comment, ...(comment.comments ?? []).flatMap(withAnswers)];
}
