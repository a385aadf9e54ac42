import { addComment, type CommentState, type HostState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route } from "../../../testing/stand-in/route.ts";
import { identity, idOf, inPull, listAnswer, refused } from "./answers.ts";
import { AddLabel, AskReviewer, ChangeComment, OpenThread, Version } from "./shapes.ts";

const PULL = "/contoso/{project}/_apis/git/repositories/{repo}/pullRequests/{id}";

/** What belongs to a pull request: labels, reviewers, threads. */
export function partRoutes(state: HostState): readonly Route[] {
  return [
    route(`GET ${PULL}/labels`, { query: Version }, ({ params }) =>
      inPull(state, params, (_repository, pull) =>
        listAnswer([
          ...[...pull.labels].map((name) => ({ name, active: true })),
          { name: "taken away", active: false },
        ]),
      ),
    ),
    route(`POST ${PULL}/labels`, { query: Version, body: AddLabel }, ({ params, body }) =>
      inPull(state, params, (_repository, pull) => {
        if (body.name.length > 400) return refused(400, "InvalidArgumentValueException", "The name is too long.");
        pull.labels.add(body.name);
        return { status: 200, json: { name: body.name, active: true } };
      }),
    ),
    route(`PUT ${PULL}/reviewers/{reviewer}`, { query: Version, body: AskReviewer }, ({ params, body }) =>
      inPull(state, params, (_repository, pull) => {
        const user = [...state.users].find((name) => idOf(state, name) === params.reviewer);
        const team = [...state.teams].find((name) => idOf(state, name) === params.reviewer);
        if (user !== undefined) pull.reviewers.add(user);
        else if (team !== undefined) pull.teams.add(team);
        else return refused(400, "InvalidArgumentValueException", "TF401186: not a valid reviewer");
        return { status: 200, json: { id: params.reviewer, ...body } };
      }),
    ),
    ...threadRoutes(state),
  ];
}

function threadRoutes(state: HostState): readonly Route[] {
  return [
    route(`GET ${PULL}/threads`, { query: Version }, ({ params }) =>
      inPull(state, params, (_repository, pull) => {
        const own = { id: 1, author: pull.author, text: "Ada published the pull request" };
        return listAnswer([
          threadAnswer(state, own, { type: "system", at: 0 }),
          ...pull.comments.map((one, index) => threadAnswer(state, one, { type: "text", at: index + 1 })),
        ]);
      }),
    ),
    route(`POST ${PULL}/threads`, { query: Version, body: OpenThread }, ({ params, body, user }) =>
      inPull(state, params, (_repository, pull) => {
        const comment = addComment(pull, user, body.comments[0]?.content ?? "");
        return { status: 200, json: threadAnswer(state, comment, { type: "text", at: pull.comments.length }) };
      }),
    ),
    route(
      `PATCH ${PULL}/threads/{thread}/comments/{comment}`,
      { query: Version, body: ChangeComment },
      ({ params, body }) =>
        inPull(state, params, (_repository, pull) => {
          const comment = pull.comments.find(({ id }) => id === Number(params.thread) && params.comment === "1");
          if (comment === undefined) return refused(404, "CommentNotFoundException", "The comment does not exist.");
          comment.text = body.content;
          return { status: 200, json: { id: 1, content: comment.text } };
        }),
    ),
  ];
}

function threadAnswer(
  state: HostState,
  { id, author, text }: Pick<CommentState, "id" | "author" | "text">,
  { type, at }: { readonly type: "system" | "text"; readonly at: number },
) {
  const publishedDate = `2026-01-01T00:00:${String(at).padStart(2, "0")}Z`;
  const comment = { id: 1, parentCommentId: 0, author: identity(state, author), content: text, publishedDate };
  return { id, isDeleted: false, status: "closed", comments: [{ ...comment, commentType: type }] };
}
