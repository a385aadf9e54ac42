import { z } from "zod";
import { addComment, openPull, type PullState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import {
  commentJson,
  fault,
  listed,
  pullJson,
  type ServerState,
  userJson,
  withPull,
  withRepository,
  withVersion,
} from "./server-json.ts";

const PULLS = "/rest/api/latest/projects/{project}/repos/{repo}/pull-requests";

const Paging = { start: z.coerce.number().optional(), limit: z.coerce.number().optional() };
const Reviewers = z.array(z.strictObject({ user: z.strictObject({ name: z.string() }) })).optional();
const Repository = z.strictObject({ slug: z.string(), project: z.strictObject({ key: z.string() }) });
const Ref = z.strictObject({ id: z.string().startsWith("refs/heads/"), repository: Repository });
const Version = z.strictObject({ version: z.coerce.number().int() });

/** Pull requests and their comments. */
export function pullRoutes(state: ServerState): readonly Route[] {
  return [
    route(
      `GET ${PULLS}`,
      {
        query: z.strictObject({
          ...Paging,
          at: z.string(),
          direction: z.literal("OUTGOING"),
          state: z.literal("OPEN"),
        }),
      },
      (request) =>
        withRepository(state, request, (repository) => {
          const { at } = request.query;
          const found = repository.pulls.filter((pull) => pull.state === "open" && `refs/heads/${pull.from}` === at);
          return listed(request.query, found, (pull) => pullJson(state, repository, pull));
        }),
    ),
    route(
      `POST ${PULLS}`,
      {
        body: z.strictObject({
          title: z.string().min(1),
          description: z.string(),
          fromRef: Ref,
          toRef: Ref,
          draft: z.literal(true).optional(),
        }),
      },
      (request) =>
        withRepository(state, request, (repository) => {
          const { title, description, fromRef, toRef, draft } = request.body;
          if (description.length > 32_768) return fault(400, "validation.ArgumentValidationException");
          const [from, to] = [fromRef, toRef].map(({ id }) => id.slice("refs/heads/".length)) as [string, string];
          const want = { title, body: description, from, to, draft: draft ?? false, author: request.user };
          const pull = openPull(repository, want);
          if (pull === "missing-branch") return fault(404, "commit.NoSuchBranchException");
          if (pull === "no-difference") return fault(409, "pull.EmptyPullRequestException");
          if (pull === "duplicate") return fault(409, "pull.DuplicatePullRequestException");
          return { status: 201, json: pullJson(state, repository, pull) };
        }),
    ),
    route(`GET ${PULLS}/{number}`, {}, (request) =>
      withPull(state, request, (pull, repository) => ({ status: 200, json: pullJson(state, repository, pull) })),
    ),
    route(
      `PUT ${PULLS}/{number}`,
      {
        body: z.strictObject({
          version: z.number().int(),
          title: z.string().min(1),
          description: z.string().max(32_768),
          reviewers: Reviewers,
          draft: z.boolean().optional(),
        }),
      },
      (request) => {
        const { version, title, description, reviewers, draft } = request.body;
        return withVersion(state, request, version, (pull, repository) => {
          // Whoever is not named is not asked any more.
          const names = (reviewers ?? []).map(({ user }) => user.name);
          const refusal = setReviewers(state, pull, names);
          if (refusal !== undefined) {
            pull.version -= 1;
            return refusal;
          }
          Object.assign(pull, { title, body: description, draft: draft ?? false });
          return { status: 200, json: pullJson(state, repository, pull) };
        });
      },
    ),
    route(`POST ${PULLS}/{number}/decline`, { query: Version }, (request) =>
      withVersion(state, request, request.query.version, (pull, repository) => {
        pull.state = "closed";
        return { status: 200, json: pullJson(state, repository, pull) };
      }),
    ),
    ...commentRoutes(state),
  ];
}

function commentRoutes(state: ServerState): readonly Route[] {
  const Text = { text: z.string().min(1).max(32_768) };
  return [
    route(`GET ${PULLS}/{number}/activities`, { query: z.strictObject(Paging) }, (request) =>
      withPull(state, request, (pull) => {
        const opened = { id: 1, action: "OPENED", user: userJson(pull.author) };
        const comments = pull.comments.map((comment) => ({
          id: comment.id + 1,
          action: "COMMENTED",
          commentAction: "ADDED",
          comment: commentJson(comment),
        }));
        // The newest first.
        return listed(request.query, [opened, ...comments].reverse(), (activity) => activity);
      }),
    ),
    route(`POST ${PULLS}/{number}/comments`, { body: z.strictObject(Text) }, (request) =>
      withPull(state, request, (pull) => ({
        status: 201,
        json: commentJson(addComment(pull, request.user, request.body.text)),
      })),
    ),
    route(`GET ${PULLS}/{number}/comments/{comment}`, {}, (request) =>
      withPull(state, request, (pull) => {
        const comment = pull.comments.find(({ id }) => String(id) === request.params.comment);
        if (comment === undefined) return fault(404, "comment.NoSuchCommentException");
        return { status: 200, json: commentJson(comment) };
      }),
    ),
    route(
      `PUT ${PULLS}/{number}/comments/{comment}`,
      { body: z.strictObject({ ...Text, version: z.number().int() }) },
      (request) =>
        withPull(state, request, (pull) => {
          const comment = pull.comments.find(({ id }) => String(id) === request.params.comment);
          if (comment === undefined) return fault(404, "comment.NoSuchCommentException");
          if (comment.author !== request.user) return fault(401, "AuthorisationException");
          if (state.outOfDate > 0) {
            state.outOfDate -= 1;
            comment.version += 1;
          }
          if (comment.version !== request.body.version) return fault(409, "comment.CommentOutOfDateException");
          comment.version += 1;
          comment.text = request.body.text;
          return { status: 200, json: commentJson(comment) };
        }),
    ),
  ];
}

// One who cannot be asked spoils them all; the answer names each.
function setReviewers(
  { host, left }: ServerState,
  pull: PullState,
  names: readonly string[],
): StandInAnswer | undefined {
  const refused = names.filter((name) => !host.users.has(name) || left.has(name) || name === pull.author);
  if (refused.length > 0) {
    const reviewerErrors = refused.map((name) => ({
      context: name,
      message: `${name} is not a user.`,
      exceptionName: null,
    }));
    return fault(409, "pull.InvalidPullRequestReviewersException", { context: "reviewers", reviewerErrors });
  }
  pull.reviewers.clear();
  for (const name of names) pull.reviewers.add(name);
  return undefined;
}
