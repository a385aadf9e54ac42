import {
  addComment,
  findPull,
  mergeIfReady,
  openPull,
  type PullState,
  type RepositoryState,
} from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { inProject, notFound, pageAnswer, refused, requestAnswer, userAnswer } from "./answers.ts";
import { ChangeRequest, ListNotes, ListRequests, MergeRequest, NoteText, OpenRequest } from "./shapes.ts";
import type { Behind } from "./stand-in.ts";

const REQUESTS = "/api/v4/projects/{id}/merge_requests";
const DRAFT = /^\s*(?:\[draft\]|\(draft\)|draft:)\s*/i;
const ONE_MIB = 1_048_576;
const NOTE_LENGTH = 1_000_000;

/** Merge requests, with what GitLab does that other hosts do not: commands in texts, labels made by naming them. */
export function requestRoutes(behind: Behind): readonly Route[] {
  const { state } = behind;
  return [
    route(`GET ${REQUESTS}`, { query: ListRequests }, ({ params, ...at }) =>
      inProject(state, params.id, (project) => {
        const { source_branch: from, target_branch: to } = at.query;
        const found = project.pulls
          .filter((pull) => (from ?? pull.from) === pull.from && (to ?? pull.to) === pull.to)
          .filter((pull) => at.query.state !== "opened" || pull.state === "open")
          .map((pull) => requestAnswer(state, project, pull, { url: at.url, fork: behind.kind.fromFork }));
        return pageAnswer(found, at);
      }),
    ),
    route(`POST ${REQUESTS}`, { body: OpenRequest }, ({ params, body, user, url }) =>
      inProject(state, params.id, (project) => {
        const problem = textProblem(body);
        if (problem !== undefined) return problem;
        if (project.archived) return refused(403, "403 Forbidden");
        const { source_branch: from, target_branch: to, title, description = "" } = body;
        const text = { title: title.replace(DRAFT, ""), draft: DRAFT.test(title), body: "" };
        const pull = openPull(project, { from, to, ...text, author: user });
        if (pull === "duplicate")
          return refused(409, [`Another open merge request already exists for this source branch: !1`]);
        if (typeof pull === "string") return refused(422, [`You can't use same project/branch for source and target`]);
        pull.body = obeyed(pull, description);
        return { status: 201, json: requestAnswer(state, project, pull, { url }) };
      }),
    ),
    route(`GET ${REQUESTS}/{iid}`, {}, ({ params, url }) =>
      inRequest(behind, params, (project, pull) => {
        const undecided = behind.kind.undecidedLooks > 0;
        behind.kind.undecidedLooks -= undecided ? 1 : 0;
        return { status: 200, json: requestAnswer(state, project, pull, { url, undecided }) };
      }),
    ),
    route(`PUT ${REQUESTS}/{iid}`, { body: ChangeRequest }, ({ params, body, url }) =>
      inRequest(behind, params, (project, pull) => {
        const problem = textProblem(body);
        if (problem !== undefined) return problem;
        change(behind, project, pull, body);
        return { status: 200, json: requestAnswer(state, project, pull, { url }) };
      }),
    ),
    ...mergeRoutes(behind),
    ...noteRoutes(behind),
  ];
}

function mergeRoutes(behind: Behind): readonly Route[] {
  return [
    route(`PUT ${REQUESTS}/{iid}/merge`, { body: MergeRequest }, ({ params, body, user, url }) =>
      inRequest(behind, params, (project, pull) => {
        if (body.sha !== project.branches.get(pull.from)) {
          return refused(409, "SHA does not match HEAD of source branch");
        }
        const undecided = behind.kind.undecidedLooks > 0;
        const allowed = pull.state === "open" && !pull.draft && project.allowsAutoMerge && !undecided;
        if (!allowed || (body.auto_merge ?? body.merge_when_pipeline_succeeds) !== true) {
          return refused(405, "405 Method Not Allowed");
        }
        pull.autoMerge = { method: body.squash === true ? "squash" : "default", user };
        mergeIfReady(project, pull);
        return { status: 200, json: requestAnswer(behind.state, project, pull, { url }) };
      }),
    ),
    // A refusal is answered as a success, too.
    route(`POST ${REQUESTS}/{iid}/cancel_merge_when_pipeline_succeeds`, {}, ({ params }) =>
      inRequest(behind, params, (_project, pull) => {
        if (pull.autoMerge === undefined) {
          const message = "Can't cancel the automatic merge";
          return { status: 201, json: { message, status: "error", http_status: 406 } };
        }
        pull.autoMerge = undefined;
        return { status: 201, json: { status: "success" } };
      }),
    ),
  ];
}

function noteRoutes(behind: Behind): readonly Route[] {
  const { state } = behind;
  return [
    route(`GET ${REQUESTS}/{iid}/notes`, { query: ListNotes }, ({ params, ...at }) =>
      inRequest(behind, params, (_project, pull) => {
        const own = {
          id: 1,
          body: "requested review from @grace",
          system: true,
          author: userAnswer(state, pull.author),
        };
        const notes = pull.comments.map(({ id, text, author }) => noteAnswer(id, text, userAnswer(state, author)));
        return pageAnswer([own, ...notes], at);
      }),
    ),
    route(`POST ${REQUESTS}/{iid}/notes`, { body: NoteText }, ({ params, body, user }) =>
      inRequest(behind, params, (_project, pull) => {
        if (body.body.length > NOTE_LENGTH) return refused(400, { note: ["is too long"] });
        const { id, text } = addComment(pull, user, obeyed(pull, body.body));
        return { status: 201, json: noteAnswer(id, text, userAnswer(state, user)) };
      }),
    ),
    route(`PUT ${REQUESTS}/{iid}/notes/{note}`, { body: NoteText }, ({ params, body }) =>
      inRequest(behind, params, (_project, pull) => {
        const comment = pull.comments.find(({ id }) => id === Number(params.note));
        if (comment === undefined) return notFound("Note");
        comment.text = obeyed(pull, body.body);
        return { status: 200, json: noteAnswer(comment.id, comment.text, userAnswer(state, comment.author)) };
      }),
    ),
  ];
}

function noteAnswer(id: number, body: string, author: unknown) {
  return { id, body, system: false, author };
}

function inRequest(
  { state }: Behind,
  params: Readonly<Record<string, string>>,
  found: (project: RepositoryState, pull: PullState) => StandInAnswer,
): StandInAnswer {
  return inProject(state, params.id, (project) => {
    const pull = findPull(project, params.iid ?? "");
    return pull === undefined ? { status: 404, json: { message: "404 Not found" } } : found(project, pull);
  });
}

function change({ state, kind }: Behind, project: RepositoryState, pull: PullState, body: ChangeRequest): void {
  if (body.title !== undefined)
    Object.assign(pull, { title: body.title.replace(DRAFT, ""), draft: DRAFT.test(body.title) });
  if (body.description !== undefined) pull.body = obeyed(pull, body.description);
  if (body.state_event === "close") pull.state = "closed";
  for (const label of body.add_labels?.split(",") ?? []) {
    project.labels.add(label); // made, where there is none
    pull.labels.add(label);
  }
  const people = (ids: readonly number[]) =>
    [...state.users].filter((_, index) => ids.includes(index + 1)).slice(0, kind.premium ? undefined : 1);
  if (body.reviewer_ids !== undefined) replace(pull.reviewers, people(body.reviewer_ids));
  if (body.assignee_ids !== undefined) replace(pull.assignees, people(body.assignee_ids));
  const milestone = [...project.milestones].find(([, id]) => id === body.milestone_id);
  if (milestone !== undefined) pull.milestone = milestone[0];
}

function replace(set: Set<string>, names: readonly string[]): void {
  set.clear();
  for (const name of names) set.add(name);
}

// Of the commands of GitLab's texts this one only; the line is taken out.
function obeyed(pull: PullState, text: string): string {
  if (/^\/close[ \t]*$/m.test(text)) pull.state = "closed";
  return text.replace(/^\/[a-z_]+[ \t]*$\n?/gm, "").trimEnd();
}

function textProblem(text: { readonly title?: string | undefined; readonly description?: string | undefined }) {
  if ((text.title ?? "").length > 255) return refused(400, { title: ["is too long (maximum is 255 characters)"] });
  if (Buffer.byteLength(text.description ?? "") > ONE_MIB) return refused(400, { description: ["is too long"] });
  return undefined;
}
