import type { Call } from "@kubeferry/model";
import type { Comment, PullRequest } from "../../platform.ts";
import type { GitLabClient } from "./client.ts";
import { projectId, requestName } from "./merge-requests.ts";
import { disarmQuickActions, rearmQuickActions } from "./quick-actions.ts";
import { GitLabNote } from "./schema.ts";

/** Adds a comment. */
export async function addNote({ requests, done }: GitLabClient, open: PullRequest, text: string, call: Call) {
  const made = requests.notes.create(projectId(open.repo), open.number, disarmQuickActions(text));
  await done(made, { operation: `comment on merge request ${requestName(open)}` }, call);
}

/** The comments, oldest first, without what GitLab itself writes among them. */
export async function* listNotes(
  { requests, pages }: GitLabClient,
  open: PullRequest,
  call: Call,
): AsyncIterable<Comment> {
  const operation = `read comments of merge request ${requestName(open)}`;
  const made = requests.notes.all(projectId(open.repo), open.number, { sort: "asc", orderBy: "created_at" });
  for await (const { id, body, system, author } of pages(made, { operation, item: GitLabNote }, call)) {
    if (!system) yield { id: String(id), text: rearmQuickActions(body), author: author?.username };
  }
}

/** Replaces the text of a comment. */
export async function changeNote(
  { requests, done }: GitLabClient,
  open: PullRequest,
  change: { readonly id: string; readonly text: string },
  call: Call,
): Promise<void> {
  const text = { body: disarmQuickActions(change.text) };
  const made = requests.notes.edit(projectId(open.repo), open.number, Number(change.id), text);
  await done(made, { operation: `change a comment of merge request ${requestName(open)}` }, call);
}
