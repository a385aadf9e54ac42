import { z } from "zod";
import { addComment, openPull, type PullState, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import {
  type CloudState,
  commentJson,
  fault,
  fullName,
  listed,
  pullJson,
  uuidOf,
  withPull,
  withRepository,
} from "./cloud-json.ts";

const PULLS = "/2.0/repositories/{workspace}/{repo}/pullrequests";

const Paging = { pagelen: z.coerce.number().int().min(1).max(50).optional(), page: z.string().optional() };
const Branch = z.strictObject({ branch: z.strictObject({ name: z.string() }) });
const Reviewers = z.array(z.strictObject({ uuid: z.string() })).optional();
const Text = z.strictObject({ content: z.strictObject({ raw: z.string() }) });

/** Pull requests and their comments. */
export function pullRoutes(state: CloudState): readonly Route[] {
  return [
    route(`GET ${PULLS}`, { query: z.strictObject({ ...Paging, q: z.string() }) }, (request) =>
      withRepository(state, request, (repository) => {
        const filter = readFilter(request.query.q);
        if (filter === undefined) return fault(400, "Invalid query.");
        const found = repository.pulls.filter(
          (pull) => pull.state === "open" && pull.from === filter.from && pull.to === filter.to,
        );
        return listed(request, found, (pull) => pullJson(state, repository, pull, "listed"));
      }),
    ),
    route(
      `POST ${PULLS}`,
      {
        body: z.strictObject({
          title: z.string(),
          description: z.string(),
          source: Branch,
          destination: Branch,
          draft: z.boolean(),
        }),
      },
      (request) =>
        withRepository(state, request, (repository) => {
          const { title, description, source, destination, draft } = request.body;
          const want = { title, body: description, from: source.branch.name, to: destination.branch.name, draft };
          return open(state, repository, { ...want, author: request.user });
        }),
    ),
    route(`GET ${PULLS}/{number}`, {}, (request) =>
      withPull(state, request, (pull, repository) => ({
        status: 200,
        json: pullJson(state, repository, pull, "single"),
      })),
    ),
    route(
      `PUT ${PULLS}/{number}`,
      {
        body: z.strictObject({
          title: z.string(),
          description: z.string(),
          reviewers: Reviewers,
          draft: z.boolean().optional(),
          close_source_branch: z.boolean().optional(),
        }),
      },
      (request) =>
        withPull(state, request, (pull, repository) => {
          if (pull.state !== "open") return fault(400, "This pull request is already closed.");
          const { title, description, reviewers, draft } = request.body;
          // Whoever is not named is not asked any more.
          const refusal = setReviewers(state, pull, reviewers ?? []) ?? tooLong(title, description);
          if (refusal !== undefined) return refusal;
          Object.assign(pull, { title, body: description, draft: draft ?? false });
          return { status: 200, json: pullJson(state, repository, pull, "single") };
        }),
    ),
    route(`POST ${PULLS}/{number}/decline`, {}, (request) =>
      withPull(state, request, (pull, repository) => {
        if (pull.state !== "open") return fault(400, "This pull request is already closed.");
        pull.state = "closed";
        return { status: 200, json: pullJson(state, repository, pull, "single") };
      }),
    ),
    route(`GET ${PULLS}/{number}/comments`, { query: z.strictObject(Paging) }, (request) =>
      withPull(state, request, (pull) => listed(request, pull.comments, commentJson)),
    ),
    route(`POST ${PULLS}/{number}/comments`, { body: Text }, (request) =>
      withPull(state, request, (pull) => {
        const { raw } = request.body.content;
        if (raw.length > 32_768) return fault(400, "content: too long");
        return { status: 201, json: commentJson(addComment(pull, request.user, raw)) };
      }),
    ),
    route(`PUT ${PULLS}/{number}/comments/{comment}`, { body: Text }, (request) =>
      withPull(state, request, (pull) => {
        const comment = pull.comments.find(({ id }) => String(id) === request.params.comment);
        if (comment === undefined) return fault(404, "Not found.");
        if (comment.author !== request.user) return fault(403, "You cannot edit this comment.");
        comment.text = request.body.content.raw;
        return { status: 200, json: commentJson(comment) };
      }),
    ),
  ];
}

// What of Bitbucket's query language is used, with its quoting.
function readFilter(q: string): { readonly from: string; readonly to: string } | undefined {
  const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
  const form = `^source.branch.name = ${quoted} AND destination.branch.name = ${quoted} AND state = "OPEN"$`;
  const found = new RegExp(form).exec(q);
  const [from, to] = [found?.[1], found?.[2]].map((text) => text?.replace(/\\(.)/g, "$1"));
  return from === undefined || to === undefined ? undefined : { from, to };
}

function open(
  state: CloudState,
  repository: RepositoryState,
  want: Pick<PullState, "from" | "to" | "title" | "body" | "draft" | "author">,
): StandInAnswer {
  const refusal = tooLong(want.title, want.body);
  if (refusal !== undefined) return refusal;
  const pull = openPull(repository, want);
  switch (pull) {
    case "missing-branch": {
      const end = repository.branches.has(want.from) ? "destination" : "source";
      return fault(400, `${end}: branch not found`, { fields: { [end]: ["branch not found"] } });
    }
    case "no-difference":
      return fault(400, "There are no changes to be pulled");
    case "duplicate": {
      // It is said to change the one there is.
      const there = repository.pulls.find(
        (one) => one.state === "open" && one.from === want.from && one.to === want.to,
      );
      if (there === undefined) return fault(500, "Something went wrong");
      Object.assign(there, { title: want.title, body: want.body });
      return { status: 201, json: pullJson(state, repository, there, "single") };
    }
    default:
      return { status: 201, json: pullJson(state, repository, pull, "single") };
  }
}

function tooLong(title: string, text: string): StandInAnswer | undefined {
  if (title.length > 255) return fault(400, "title: Ensure this value has at most 255 characters.");
  return text.length > 1_300_000 ? fault(400, "description: too long") : undefined;
}

// One who cannot be asked spoils them all.
function setReviewers(
  { host, left, namesNobody }: CloudState,
  pull: PullState,
  wanted: readonly { readonly uuid: string }[],
): StandInAnswer | undefined {
  const people = new Map([...host.users, ...left].map((name) => [uuidOf(name), name]));
  const names = wanted.map(({ uuid }) => people.get(uuid));
  const messages = names.flatMap((name) => {
    if (name === undefined) return ["Malformed reviewers list"];
    if (name === pull.author) return [`${fullName(name)} is the author and cannot be included as a reviewer.`];
    if (!left.has(name)) return [];
    return [`${fullName(name)} is not a member of this workspace and cannot be added to this pull request`];
  });
  if (messages.length > 0) {
    const reviewers = namesNobody ? ["Malformed reviewers list"] : messages;
    return fault(400, `reviewers: ${reviewers[0]}`, { fields: { reviewers } });
  }
  pull.reviewers.clear();
  for (const name of names) pull.reviewers.add(name ?? "");
  return undefined;
}
