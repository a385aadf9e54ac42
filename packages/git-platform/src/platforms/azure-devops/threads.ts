import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { Comment, PullRequest } from "../../platform.ts";
import { whoAmI } from "./host.ts";
import { API_VERSION, namedPull, partsPath } from "./paths.ts";
import { AzureThread, listOf } from "./schema.ts";

/** Adds a comment as a thread that is closed: an open one would hold the request up where a policy wants all closed. */
export async function addComment(http: ForgeHttp, open: PullRequest, text: string, call: Call): Promise<void> {
  const body = { comments: [{ parentCommentId: 0, content: text, commentType: "text" }], status: "closed" };
  const operation = `comment on ${namedPull(open)}`;
  const request = { method: "POST", path: `${partsPath(open)}/threads`, query: API_VERSION, operation } as const;
  await http.done({ ...request, body }, call);
}

/** The comments of all threads, oldest first, without what Azure itself writes. It gives all of them at once. */
export async function* listComments(http: ForgeHttp, open: PullRequest, call: Call): AsyncIterable<Comment> {
  const operation = `read comments of ${namedPull(open)}`;
  const request = { method: "GET", path: `${partsPath(open)}/threads`, query: API_VERSION, operation } as const;
  const { value } = await http.json({ ...request, answer: listOf(AzureThread) }, call);
  const comments = value.flatMap(commentsOf).sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  if (comments.length === 0) return;
  const me = await whoAmI(http, call);
  for (const { id, text, author } of comments) {
    yield { id, text, author: author?.id === me.id ? me.name : (author?.uniqueName ?? author?.displayName) };
  }
}

/** Replaces the text of a comment. */
export async function changeComment(
  http: ForgeHttp,
  open: PullRequest,
  { id, text }: { readonly id: string; readonly text: string },
  call: Call,
): Promise<void> {
  const [thread = "", comment = ""] = id.split("/");
  const path = `${partsPath(open)}/threads/${encodeURIComponent(thread)}/comments/${encodeURIComponent(comment)}`;
  const operation = `change a comment of ${namedPull(open)}`;
  await http.done({ method: "PATCH", path, query: API_VERSION, body: { content: text }, operation }, call);
}

function commentsOf(thread: AzureThread) {
  if (thread.isDeleted === true) return [];
  return thread.comments
    .filter(({ commentType, isDeleted }) => commentType !== "system" && isDeleted !== true)
    .map(({ id, content, author, publishedDate }) => ({
      id: `${thread.id}/${id}`,
      text: content ?? "",
      author,
      at: publishedDate ?? "",
    }));
}
