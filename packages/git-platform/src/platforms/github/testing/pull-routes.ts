import { z } from "zod";
import { addComment, openPull } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { commentJson, pullJson } from "./github-json.ts";
import { type GitHubState, invalid, pullIn, settingsOf, withRepository, writing } from "./github-state.ts";
import { listed, PAGING } from "./paging.ts";

const MOST_TEXT = 65_536;
const TITLE = z.string().min(1);

/** Requests and their comments. */
export function pullRoutes(state: GitHubState): readonly Route[] {
  return [
    route(
      "GET /repos/{owner}/{repo}/pulls",
      {
        query: z.strictObject({
          state: z.enum(["open", "closed", "all"]),
          head: z.string().regex(/^[^:]+:.+/),
          base: z.string(),
          ...PAGING,
        }),
      },
      ({ params, query, url, path }) =>
        withRepository(state, params, (repository) => {
          const [owner, ...ref] = query.head.split(":");
          const found = repository.pulls.filter(
            (pull) =>
              (query.state === "all" || (pull.state === "open") === (query.state === "open")) &&
              owner?.toLowerCase() === repository.owner.toLowerCase() &&
              pull.from === ref.join(":") &&
              pull.to === query.base,
          );
          return listed(
            found.map((pull) => pullJson(repository, pull, url)),
            { query, url, path },
          );
        }),
    ),
    route(
      "POST /repos/{owner}/{repo}/pulls",
      {
        body: z.strictObject({
          title: TITLE,
          head: z.string(),
          base: z.string(),
          body: z.string(),
          draft: z.boolean(),
        }),
      },
      ({ params, body, user, url }) =>
        writing(state, params, (repository) => {
          const long = tooLong(body);
          if (long !== undefined) return long;
          if (body.draft && !settingsOf(state, repository).draftsAllowed) {
            return { status: 422, json: { message: "Draft pull requests are not supported in this repository." } };
          }
          const { head: from, base: to, title, body: text, draft } = body;
          const opened = openPull(repository, { from, to, title, body: text, draft, author: user });
          switch (opened) {
            case "missing-branch":
              return refusedField(repository.branches.has(to) ? "head" : "base");
            case "no-difference":
              return refused(`No commits between ${to} and ${from}`);
            case "duplicate":
              return refused(`A pull request already exists for ${repository.owner}:${from}.`);
            default:
              return { status: 201, json: pullJson(repository, opened, url) };
          }
        }),
    ),
    route("GET /repos/{owner}/{repo}/pulls/{number}", {}, ({ params, url }) =>
      withRepository(state, params, (repository) =>
        pullIn(repository, params.number, (pull) => ({ status: 200, json: pullJson(repository, pull, url) })),
      ),
    ),
    route(
      "PATCH /repos/{owner}/{repo}/pulls/{number}",
      {
        body: z.strictObject({
          title: TITLE.optional(),
          body: z.string().optional(),
          state: z.literal("closed").optional(),
        }),
      },
      ({ params, body, url }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            const long = tooLong(body);
            if (long !== undefined) return long;
            pull.title = body.title ?? pull.title;
            pull.body = body.body ?? pull.body;
            if (body.state === "closed" && pull.state === "open") pull.state = "closed";
            return { status: 200, json: pullJson(repository, pull, url) };
          }),
        ),
    ),
    route(
      "GET /repos/{owner}/{repo}/issues/{number}/comments",
      { query: z.strictObject(PAGING) },
      ({ params, query, url, path }) =>
        withRepository(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => listed(pull.comments.map(commentJson), { query, url, path })),
        ),
    ),
    route(
      "POST /repos/{owner}/{repo}/issues/{number}/comments",
      { body: z.strictObject({ body: z.string().min(1) }) },
      ({ params, body, user }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            const long = tooLong(body);
            return long ?? { status: 201, json: commentJson(addComment(pull, user, body.body)) };
          }),
        ),
    ),
    route(
      "PATCH /repos/{owner}/{repo}/issues/comments/{id}",
      { body: z.strictObject({ body: z.string().min(1) }) },
      ({ params, body }) =>
        writing(state, params, (repository) => {
          const comment = repository.pulls
            .flatMap(({ comments }) => comments)
            .find(({ id }) => id === Number(params.id));
          if (comment === undefined) return { status: 404, json: { message: "Not Found" } };
          comment.text = body.body;
          return { status: 200, json: commentJson(comment) };
        }),
    ),
  ];
}

// GitHub counts characters, and not the halves of which some are made.
function tooLong(texts: {
  readonly title?: string | undefined;
  readonly body?: string | undefined;
}): StandInAnswer | undefined {
  if ([...(texts.title ?? "")].length > 256) {
    return refused("title is too long (maximum is 256 characters)");
  }
  return [...(texts.body ?? "")].length > MOST_TEXT
    ? refused(`body is too long (maximum is ${MOST_TEXT} characters)`)
    : undefined;
}

function refused(message: string): StandInAnswer {
  return invalid({ resource: "PullRequest", code: "custom", message });
}

function refusedField(field: "head" | "base"): StandInAnswer {
  return invalid({ resource: "PullRequest", field, code: "invalid" });
}
