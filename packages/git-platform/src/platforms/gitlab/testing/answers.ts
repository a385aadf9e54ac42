import {
  findRepository,
  type HostState,
  type PullState,
  type RepositoryState,
} from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer } from "../../../testing/stand-in/route.ts";

/** Finds the project of a request, which its path names as one part: "acme/platform/fleet". */
export function inProject(
  state: HostState,
  id: string | undefined,
  found: (project: RepositoryState) => StandInAnswer,
): StandInAnswer {
  const slash = (id ?? "").lastIndexOf("/");
  const project = findRepository(state, (id ?? "").slice(0, slash), (id ?? "").slice(slash + 1));
  return project === undefined ? notFound("Project") : found(project);
}

/** A user by the id that GitLab has for them. */
export function userAnswer(state: HostState, username: string) {
  return { id: [...state.users].indexOf(username) + 1, username, state: "active", name: username };
}

/** GET /projects/{id} */
export function projectAnswer(project: RepositoryState, url: string) {
  return {
    id: project.id,
    path_with_namespace: `${project.owner}/${project.name}`,
    web_url: `${url}/${project.owner}/${project.name}`,
    default_branch: "main",
    empty_repo: false,
    archived: project.archived,
    merge_requests_enabled: true,
    merge_requests_access_level: "enabled",
    merge_method: "merge",
    squash_option: "default_off",
    permissions: { project_access: { access_level: project.mayPush ? 30 : 20 }, group_access: null },
  };
}

/** A merge request, as every answer about one has it. */
export function requestAnswer(
  state: HostState,
  project: RepositoryState,
  pull: PullState,
  more: { readonly url: string; readonly undecided?: boolean; readonly fork?: boolean },
) {
  const states = { open: "opened", closed: "closed", merged: "merged" } as const;
  const milestone = pull.milestone;
  return {
    id: pull.id,
    iid: pull.number,
    web_url: `${more.url}/${project.owner}/${project.name}/-/merge_requests/${pull.number}`,
    title: pull.draft ? `Draft: ${pull.title}` : pull.title,
    description: pull.body === "" ? null : pull.body,
    state: states[pull.state],
    draft: pull.draft,
    labels: [...pull.labels],
    source_branch: pull.from,
    target_branch: pull.to,
    source_project_id: more.fork === true ? project.id + 1_000 : project.id,
    target_project_id: project.id,
    sha: project.branches.get(pull.from) ?? null,
    merge_when_pipeline_succeeds: pull.autoMerge !== undefined,
    detailed_merge_status: more.undecided === true ? "checking" : "mergeable",
    author: userAnswer(state, pull.author),
    reviewers: [...pull.reviewers].map((name) => userAnswer(state, name)),
    assignees: [...pull.assignees].map((name) => userAnswer(state, name)),
    milestone: milestone === undefined ? null : { id: project.milestones.get(milestone) ?? 0, title: milestone },
  };
}

/** What GitLab says where something is not there. */
export function notFound(what: string): StandInAnswer {
  return { status: 404, json: { message: `404 ${what} Not Found` } };
}

/** What GitLab says to a change that it does not take. */
export function refused(status: number, message: unknown): StandInAnswer {
  return { status, json: { message } };
}

/** GitLab gives a hundred at most; here fewer, so that lists have several pages. */
const MOST_A_PAGE = 20;

/** A page of a list, with the headers that lead to the next one. */
export function pageAnswer<T>(
  items: readonly T[],
  at: {
    readonly query: { readonly page?: string | undefined; readonly per_page?: string | undefined };
    readonly url: string;
    readonly path: string;
  },
): StandInAnswer {
  const size = Math.min(Number(at.query.per_page ?? 20), MOST_A_PAGE);
  const number = Number(at.query.page ?? 1);
  const last = number * size >= items.length;
  const next = new URL(at.path, at.url);
  next.searchParams.set("page", String(number + 1));
  const headers = { "x-next-page": last ? "" : String(number + 1) };
  return {
    status: 200,
    json: items.slice((number - 1) * size, number * size),
    headers: last ? headers : { ...headers, link: `<${next.href}>; rel="next"` },
  };
}
