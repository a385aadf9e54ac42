import {
  type CommentState,
  findPull,
  findRepository,
  type HostState,
  type PullState,
  type RepositoryState,
  type StatusState,
} from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer, StandInRequest } from "../../../testing/stand-in/route.ts";

/** What Bitbucket Data Center remembers beyond what every host does. */
export interface ServerState {
  readonly host: HostState;
  version: string;
  /** The pull requests that come from a fork. */
  readonly fromForks: Set<PullState>;
  /** Who is in a reviewer group: "platform" -> names. */
  readonly groups: Map<string, readonly string[]>;
  /** Who has an account that cannot review. */
  readonly left: Set<string>;
  /** Merge strategies that repositories allow. */
  strategies: readonly string[];
  /** Whether the token's user may see branch permissions. */
  admin: boolean;
  /** How often a change is told that somebody else was faster. */
  outOfDate: number;
  /** The commit that an auto-merge was asked for, and how. */
  readonly autoMerges: Map<PullState, { readonly fromHash: string; readonly strategyId: string | undefined }>;
}

/** As it is at first: two people beside the token's user, in one reviewer group, and a repository with nothing. */
export function resetServer(state: ServerState): void {
  const { host, fromForks, groups, left, autoMerges } = state;
  for (const each of [host.users, fromForks, groups, left, autoMerges]) each.clear();
  host.repositories.splice(0);
  for (const name of ["robot", "ada", "grace"]) host.users.add(name);
  groups.set("platform", ["ada", "grace"]);
  left.add("mallory");
  Object.assign(state, {
    version: "9.4.0",
    strategies: ["no-ff", "squash", "rebase-no-ff"],
    admin: true,
    outOfDate: 0,
  });
}

/** An administrator has set a small limit. */
const PAGE_LIMIT = 10;

/** A repository. */
export function repositoryJson({ id, owner, name, archived }: RepositoryState): Readonly<Record<string, unknown>> {
  const href = `https://git.example.com/projects/${owner}/repos/${name}/browse`;
  return { id, slug: name, name, archived, project: { key: owner }, links: { self: [{ href }] } };
}

/** A branch. */
export function branchJson(name: string): Readonly<Record<string, unknown>> {
  return { id: `refs/heads/${name}`, displayId: name, type: "BRANCH" };
}

/** A pull request. */
export function pullJson(
  { fromForks, version }: ServerState,
  repository: RepositoryState,
  pull: PullState,
): Readonly<Record<string, unknown>> {
  const { owner, name, id, branches } = repository;
  const ref = (branch: string, repositoryId: number) => ({
    ...branchJson(branch),
    latestCommit: branches.get(branch),
    repository: { id: repositoryId, slug: name, project: { key: owner } },
  });
  return {
    id: pull.number,
    version: pull.version,
    title: pull.title,
    // An empty one is left out.
    ...(pull.body === "" ? {} : { description: pull.body }),
    state: { open: "OPEN", merged: "MERGED", closed: "DECLINED" }[pull.state],
    open: pull.state === "open",
    // Since 8.18; the versions before 9 that tests name have none.
    ...(Number.parseInt(version, 10) >= 9 ? { draft: pull.draft } : {}),
    author: { user: userJson(pull.author) },
    fromRef: ref(pull.from, fromForks.has(pull) ? id + 1_000 : id),
    toRef: ref(pull.to, id),
    reviewers: [...pull.reviewers].map((reviewer) => ({ user: userJson(reviewer), approved: false })),
    links: { self: [{ href: `https://git.example.com/projects/${owner}/repos/${name}/pull-requests/${pull.number}` }] },
  };
}

/** Who has an account. */
export function userJson(name: string): Readonly<Record<string, unknown>> {
  return { name, slug: name, displayName: name.toUpperCase(), active: true };
}

/** A comment on a request. */
export function commentJson({ id, version, author, text }: CommentState): Readonly<Record<string, unknown>> {
  return { id, version, text, author: userJson(author), comments: [] };
}

/** A build status; `context` is its key. */
export function buildJson({ context, state, description, url }: StatusState): Readonly<Record<string, unknown>> {
  return { key: context, name: context, state, description, url };
}

/** A page of a list, with where the next one starts. */
export function listed<T>(
  query: { readonly start?: number | undefined; readonly limit?: number | undefined } | undefined,
  items: readonly T[],
  toJson: (item: T) => unknown,
): StandInAnswer {
  const start = query?.start ?? 0;
  const limit = Math.min(query?.limit ?? 25, PAGE_LIMIT);
  const values = items.slice(start, start + limit).map(toJson);
  const isLastPage = start + limit >= items.length;
  const json = { size: values.length, limit, start, isLastPage, values };
  return {
    status: 200,
    json: isLastPage ? { ...json, nextPageStart: null } : { ...json, nextPageStart: start + limit },
  };
}

/** An error as Bitbucket writes it. */
export function fault(status: number, exception: string, more: Readonly<Record<string, unknown>> = {}): StandInAnswer {
  const exceptionName = `com.atlassian.bitbucket.${exception}`;
  return { status, json: { errors: [{ context: null, message: `${exception} happened.`, exceptionName, ...more }] } };
}

/** Answers for the repository of a request, 404 where there is none. */
export function withRepository(
  { host }: ServerState,
  { params }: Pick<StandInRequest<unknown, unknown>, "params">,
  answer: (repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  const { project = "", repo = "" } = params;
  const repository = findRepository(host, project, repo);
  return repository === undefined ? fault(404, "repository.NoSuchRepositoryException") : answer(repository);
}

/** The same for a pull request. */
export function withPull(
  state: ServerState,
  request: Pick<StandInRequest<unknown, unknown>, "params">,
  answer: (pull: PullState, repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  return withRepository(state, request, (repository) => {
    const pull = findPull(repository, request.params.number ?? "");
    return pull === undefined ? fault(404, "pull.NoSuchPullRequestException") : answer(pull, repository);
  });
}

/** The same for a change of an open one that names the version it was read in. */
export function withVersion(
  state: ServerState,
  request: Pick<StandInRequest<unknown, unknown>, "params">,
  version: number,
  answer: (pull: PullState, repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  return withPull(state, request, (pull, repository) => {
    if (pull.state !== "open") return fault(409, "pull.IllegalPullRequestStateException");
    if (state.outOfDate > 0) {
      state.outOfDate -= 1;
      pull.version += 1;
    }
    if (pull.version !== version) return fault(409, "pull.PullRequestOutOfDateException");
    pull.version += 1;
    return answer(pull, repository);
  });
}
