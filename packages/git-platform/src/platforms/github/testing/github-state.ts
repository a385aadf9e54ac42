import {
  findRepository,
  type HostState,
  type PullState,
  type RepositoryState,
} from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer } from "../../../testing/stand-in/route.ts";

/** What the stand-in of GitHub remembers beyond what every host has. */
export interface GitHubState extends HostState {
  /** Settings of repositories that differ from the usual ones. */
  readonly settings: Map<RepositoryState, Partial<RepositorySettings>>;
  /** What is added to every answer's headers: a server's version, scopes. */
  headers: Readonly<Record<string, string>>;
  /** What refuses every writing request: single sign-on, a token without rights. */
  refusal: StandInAnswer | undefined;
}

/** Of one repository. */
export interface RepositorySettings {
  readonly size: number;
  readonly mergeCommitAllowed: boolean;
  readonly squashMergeAllowed: boolean;
  readonly rebaseMergeAllowed: boolean;
  readonly deleteBranchOnMerge: boolean;
  readonly draftsAllowed: boolean;
  readonly mergeQueue: boolean;
  /** A request whose rules are met, while a check that none requires failed. */
  readonly unstable: boolean;
  /** Auto-merge that is set cannot be taken back. */
  readonly keepsAutoMerge: boolean;
  /** Numbers of requests in the merge queue. */
  readonly queued: readonly number[];
  /** Statuses that rulesets require, beside those of branch protection. */
  readonly rulesets: readonly string[];
}

const USUAL: RepositorySettings = {
  size: 12,
  mergeCommitAllowed: true,
  squashMergeAllowed: true,
  rebaseMergeAllowed: true,
  deleteBranchOnMerge: false,
  draftsAllowed: true,
  mergeQueue: false,
  unstable: false,
  keepsAutoMerge: false,
  queued: [],
  rulesets: [],
};

/** The settings of a repository. */
export function settingsOf(state: GitHubState, repository: RepositoryState): RepositorySettings {
  return { ...USUAL, ...state.settings.get(repository) };
}

/** What a route works on: the repository that its path names. */
export type RepositoryParams = Readonly<Record<string, string>>;

/** Finds a repository, or answers as GitHub does for one that is missing or invisible. */
export function withRepository(
  state: GitHubState,
  { owner = "", repo = "" }: RepositoryParams,
  handle: (repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  const repository = findRepository(state, owner, repo);
  return repository === undefined ? notFound() : handle(repository);
}

/** The same for a request that writes. */
export function writing(
  state: GitHubState,
  params: RepositoryParams,
  handle: (repository: RepositoryState) => StandInAnswer,
): StandInAnswer {
  return withRepository(state, params, (repository) => {
    if (state.refusal !== undefined) return state.refusal;
    if (repository.archived) return said(403, "Repository was archived so is read-only.");
    if (!repository.mayPush) return said(403, "Resource not accessible by personal access token");
    return handle(repository);
  });
}

/** Finds a request of a repository. */
export function pullIn(
  repository: RepositoryState,
  number: string | undefined,
  handle: (pull: PullState) => StandInAnswer,
): StandInAnswer {
  const pull = repository.pulls.find((each) => each.number === Number(number));
  return pull === undefined ? notFound() : handle(pull);
}

/** An answer with a message, as all of GitHub's errors have one. */
export function said(status: number, message: string, more: Readonly<Record<string, unknown>> = {}): StandInAnswer {
  return { status, json: { message, documentation_url: "https://docs.github.com/rest", status: `${status}`, ...more } };
}

/** 404, for what is missing and for what is not shown. */
export function notFound(): StandInAnswer {
  return said(404, "Not Found");
}

/** 422 "Validation Failed". */
export function invalid(...errors: readonly Readonly<Record<string, string>>[]): StandInAnswer {
  return said(422, "Validation Failed", { errors });
}
