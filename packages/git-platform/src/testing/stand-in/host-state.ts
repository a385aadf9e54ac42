import { createHash } from "node:crypto";

/** What a stand-in remembers, alike for every host; its routes put it into the host's own words. */
export interface HostState {
  /** Users who exist and may work on every repository. */
  readonly users: Set<string>;
  /** Names of the teams (groups) that may review: "reviewers". */
  readonly teams: Set<string>;
  readonly repositories: RepositoryState[];
}

/** A repository of a stand-in. */
export interface RepositoryState {
  /** Of its own on the host. */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** Commit of each branch; a branch with the commit of another one does not differ from it. */
  readonly branches: Map<string, string>;
  readonly labels: Set<string>;
  /** Open ones: title -> id. */
  readonly milestones: Map<string, number>;
  readonly rules: Map<string, BranchRule>;
  readonly pulls: PullState[];
  readonly statuses: StatusState[];
  archived: boolean;
  /** Whether requests may be merged by themselves. */
  allowsAutoMerge: boolean;
  /** Whether the token's user may push. */
  mayPush: boolean;
}

/** What protects a branch. */
interface BranchRule {
  readonly mayPush: boolean;
  readonly requiredStatuses: readonly string[];
}

/** A pull request of a stand-in. */
export interface PullState {
  /** Of its own on the host; `number` counts in its repository. */
  readonly id: number;
  readonly number: number;
  readonly from: string;
  readonly to: string;
  title: string;
  body: string;
  draft: boolean;
  state: "open" | "closed" | "merged";
  readonly author: string;
  readonly labels: Set<string>;
  readonly reviewers: Set<string>;
  readonly teams: Set<string>;
  readonly assignees: Set<string>;
  milestone: string | undefined;
  readonly comments: CommentState[];
  /** Set: merged by itself once the required statuses have succeeded. */
  autoMerge: { readonly method: string; readonly user: string } | undefined;
  /** Counts changes, for hosts that want to be told which one was read. */
  version: number;
}

/** A comment on a request. */
export interface CommentState {
  readonly id: number;
  readonly author: string;
  text: string;
  version: number;
}

/** A commit status; of one name and commit there is one, the newest. */
export interface StatusState {
  readonly id: number;
  readonly commit: string;
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly url: string;
}

/** An empty host. `users` and `teams` exist; the first user is the one whom the token speaks for. */
export function createHostState(who: {
  readonly users: readonly string[];
  readonly teams: readonly string[];
}): HostState {
  return { users: new Set(who.users), teams: new Set(who.teams), repositories: [] };
}

/** Makes a repository whose branch `main` has a commit. */
export function addRepository(state: HostState, owner: string, name: string): RepositoryState {
  const repository: RepositoryState = {
    id: state.repositories.length + 1,
    owner,
    name,
    branches: new Map([["main", commitId(`${owner}/${name} main`)]]),
    labels: new Set(),
    milestones: new Map(),
    rules: new Map(),
    pulls: [],
    statuses: [],
    archived: false,
    allowsAutoMerge: true,
    mayPush: true,
  };
  state.repositories.push(repository);
  return repository;
}

/** undefined for one that is not there. */
export function findRepository(state: HostState, owner: string, name: string): RepositoryState | undefined {
  return state.repositories.find((each) => each.owner === owner && each.name === name);
}

/** 40 hexadecimal digits, always the same for a text. */
export function commitId(of: string): string {
  return createHash("sha1").update(of).digest("hex");
}

/** undefined for one that is not there. */
export function findPull(repository: RepositoryState, number: number | string): PullState | undefined {
  return repository.pulls.find((pull) => pull.number === Number(number));
}

/** Opens a request, or says why a host would not. */
export function openPull(
  repository: RepositoryState,
  want: Pick<PullState, "from" | "to" | "title" | "body" | "draft" | "author">,
): PullState | "missing-branch" | "no-difference" | "duplicate" {
  const [from, to] = [repository.branches.get(want.from), repository.branches.get(want.to)];
  if (from === undefined || to === undefined) return "missing-branch";
  if (from === to) return "no-difference";
  const same = (pull: PullState) => pull.state === "open" && pull.from === want.from && pull.to === want.to;
  if (repository.pulls.some(same)) return "duplicate";
  const number = repository.pulls.length + 1;
  const pull: PullState = {
    ...want,
    id: repository.id * 10_000 + number,
    number,
    state: "open",
    labels: new Set(),
    reviewers: new Set(),
    teams: new Set(),
    assignees: new Set(),
    milestone: undefined,
    comments: [],
    autoMerge: undefined,
    version: 0,
  };
  repository.pulls.push(pull);
  return pull;
}

/** Adds a comment. */
export function addComment(pull: PullState, author: string, text: string): CommentState {
  const comment = { id: pull.id * 1_000 + pull.comments.length + 1, author, text, version: 0 };
  pull.comments.push(comment);
  return comment;
}

/** Keeps the newest status of a name on a commit, and merges what waited for it. */
export function setStatus(repository: RepositoryState, status: Omit<StatusState, "id">): StatusState {
  const { statuses } = repository;
  const before = statuses.findIndex(({ commit, context }) => commit === status.commit && context === status.context);
  if (before >= 0) statuses.splice(before, 1);
  const set = { ...status, id: statuses.length + 1 };
  statuses.push(set);
  for (const pull of repository.pulls) mergeIfReady(repository, pull);
  return set;
}

/** Whether every status that the request's base demands has succeeded on its newest commit. */
export function isReady(repository: RepositoryState, pull: PullState): boolean {
  const required = repository.rules.get(pull.to)?.requiredStatuses ?? [];
  const commit = repository.branches.get(pull.from);
  return required.every((context) =>
    repository.statuses.some(
      (status) => status.commit === commit && status.context === context && /^success/i.test(status.state),
    ),
  );
}

/** Merges a request that is to be merged by itself, and deletes its branch, once it is ready. */
export function mergeIfReady(repository: RepositoryState, pull: PullState): void {
  if (pull.state !== "open" || pull.autoMerge === undefined || pull.draft || !isReady(repository, pull)) return;
  mergePull(repository, pull);
  repository.branches.delete(pull.from);
}

/** Merges at once, whatever the rules say. The branch stays. */
export function mergePull(repository: RepositoryState, pull: PullState): void {
  pull.state = "merged";
  repository.branches.set(pull.to, commitId(`merge of ${repository.name} ${pull.number}`));
}

/** One page of a list; `number` counts from 1. `last` when nothing follows it. */
export function pageOf<T>(
  items: readonly T[],
  { number, size }: { readonly number: number; readonly size: number },
): { readonly items: readonly T[]; readonly last: boolean } {
  return { items: items.slice((number - 1) * size, number * size), last: number * size >= items.length };
}
