import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { Comment, PullRequest } from "../../platform.ts";
import { personName } from "./host.ts";
import { namedPull, nextInBody, PAGE_LENGTH, pullPath } from "./paths.ts";
import { CloudComment } from "./schema.ts";

/** Adds a comment. */
export async function addComment(http: ForgeHttp, open: PullRequest, text: string, call: Call): Promise<void> {
  const operation = `comment on ${namedPull(open)}`;
  const body = { content: { raw: text } };
  await http.done({ method: "POST", path: `${pullPath(open)}/comments`, body, operation }, call);
}

/** The comments, oldest first as Bitbucket lists them; what is left of deleted ones is none. */
export async function* listComments(http: ForgeHttp, open: PullRequest, call: Call): AsyncIterable<Comment> {
  const path = `${pullPath(open)}/comments`;
  const list = { path, query: { pagelen: PAGE_LENGTH }, itemsIn: "values", item: CloudComment } as const;
  const operation = `list the comments on ${namedPull(open)}`;
  for await (const { id, deleted, content, user } of http.pages({ ...list, paging: nextInBody, operation }, call)) {
    if (deleted === true) continue;
    const author = user === undefined || user === null ? undefined : personName(user);
    yield { id: String(id), text: content.raw ?? "", author };
  }
}

/** Replaces a comment's text. */
export async function updateComment(
  http: ForgeHttp,
  open: PullRequest,
  { id }: Comment,
  text: string,
  call: Call,
): Promise<void> {
  const path = `${pullPath(open)}/comments/${encodeURIComponent(id)}`;
  const operation = `change a comment on ${namedPull(open)}`;
  await http.done({ method: "PUT", path, body: { content: { raw: text } }, operation }, call);
}
