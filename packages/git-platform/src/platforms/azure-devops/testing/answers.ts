import {
  findPull,
  findRepository,
  type HostState,
  type PullState,
  type RepositoryState,
} from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer } from "../../../testing/stand-in/route.ts";

/** The id of a user or a team. */
export function idOf(state: HostState, name: string): string {
  const index = [...state.users, ...state.teams].indexOf(name) + 1;
  return `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
}

/** A person, as requests, comments and teams name them. */
export function identity(state: HostState, name: string) {
  const [account = ""] = name.split("@");
  return { id: idOf(state, name), uniqueName: name, displayName: `${account[0]?.toUpperCase()}${account.slice(1)}` };
}

/** A pull request; in a list its text is cut. */
export function pullAnswer(
  state: HostState,
  repository: RepositoryState,
  pull: PullState,
  more: { readonly inList?: boolean } = {},
) {
  const states = { open: "active", closed: "abandoned", merged: "completed" } as const;
  const reviewers = [...pull.reviewers, ...pull.teams].map((name) => ({ ...identity(state, name), vote: 0 }));
  return {
    pullRequestId: pull.number,
    repository: { id: repositoryId(repository), name: repository.name },
    title: pull.title,
    description: more.inList === true ? pull.body.slice(0, 400) : pull.body,
    status: states[pull.state],
    isDraft: pull.draft,
    sourceRefName: `refs/heads/${pull.from}`,
    targetRefName: `refs/heads/${pull.to}`,
    createdBy: identity(state, pull.author),
    reviewers,
    ...(pull.autoMerge === undefined ? {} : { autoCompleteSetBy: identity(state, pull.autoMerge.user) }),
  };
}

/** The id of a repository. */
export function repositoryId({ id }: RepositoryState): string {
  return `11111111-0000-4000-8000-${String(id).padStart(12, "0")}`;
}

/** A list as Azure wraps it. */
export function listAnswer(value: readonly unknown[]): StandInAnswer {
  return { status: 200, json: { value, count: value.length } };
}

/** What Azure says to something that it does not do. */
export function refused(status: number, typeKey: string, message: string): StandInAnswer {
  return { status, json: { $id: "1", innerException: null, message, typeKey, errorCode: 0, eventId: 3000 } };
}

type Params = Readonly<Record<string, string>>;

/** Finds the repository of a request. */
export function inRepository(
  state: HostState,
  { project = "", repo = "" }: Params,
  found: (repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  const repository = findRepository(state, project, repo);
  if (repository !== undefined) return found(repository);
  return refused(
    404,
    "GitRepositoryNotFoundException",
    `TF401019: The Git repository with name or identifier ${repo} does not exist`,
  );
}

/** Finds the pull request of a request. */
export function inPull(
  state: HostState,
  params: Params,
  found: (repository: RepositoryState, pull: PullState) => StandInAnswer,
): StandInAnswer {
  return inRepository(state, params, (repository) => {
    const pull = findPull(repository, params.id ?? "");
    if (pull !== undefined) return found(repository, pull);
    return refused(404, "GitPullRequestNotFoundException", `TF401180: The requested pull request was not found.`);
  });
}
