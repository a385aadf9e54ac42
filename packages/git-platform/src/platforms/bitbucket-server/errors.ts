import type { Explain, Meaning } from "../../http/answer-error.ts";
import type { ForgeAnswer } from "../../http/forge-http.ts";
import { ServerFaults } from "./schema.ts";

/**
 * What Bitbucket Data Center means: it names an exception with most errors, and says 401 and 409 to many things.
 * @param username of the configuration: what is wrong with a credential depends on its kind
 */
export function explainServer(username: string | undefined): Explain {
  return (answer) => {
    const names = exceptionsOf(answer);
    const meaning = names.map((name) => MEANINGS.get(name)).find((each) => each !== undefined);
    if (meaning !== undefined) return meaning;
    if (answer.status === 401) return refusesCredential(answer, username);
    return undefined;
  };
}

/** The names of an error's exceptions without their packages: "DuplicatePullRequestException". */
export function exceptionsOf(answer: ForgeAnswer): readonly string[] {
  return faultsOf(answer).flatMap(({ exceptionName }) => exceptionName?.split(".").at(-1) ?? []);
}

/** Names of the reviewers that an answer refuses; empty where it refuses something else. */
export function refusedReviewers(answer: ForgeAnswer): readonly string[] {
  const faults = faultsOf(answer).filter(({ exceptionName }) =>
    exceptionName?.endsWith(".InvalidPullRequestReviewersException"),
  );
  return faults.flatMap(({ reviewerErrors }) => (reviewerErrors ?? []).flatMap(({ context }) => context ?? []));
}

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>(
  Object.entries({
    AuthorisationException: {
      kind: "denied",
      problem: "the token or user may not do this",
      next: "give it the permission Repository write",
    },
    CaptchaRequiredAuthenticationException: captcha(),
    NoSuchProjectException: {
      kind: "not-found",
      problem: "the host has no such project, or the token may not see it",
      next: "check repository.url: …/scm/PROJECT/repository.git",
    },
    NoSuchRepositoryException: {
      kind: "not-found",
      problem: "the project has no such repository, or the token may not see it",
      next: "check repository.url: …/scm/PROJECT/repository.git",
    },
    NoSuchBranchException: missingBranch(),
    NoSuchObjectException: missingBranch(),
    NoSuchCommitException: { kind: "not-found", problem: "the repository has no such commit" },
    NoSuchPullRequestException: { kind: "not-found", problem: "the repository has no such pull request" },
    DuplicatePullRequestException: { kind: "conflict", problem: "a request for these branches is already open" },
    EmptyPullRequestException: { kind: "invalid", problem: "the host sees nothing to merge" },
    InvalidPullRequestTargetException: { kind: "invalid", problem: "both branches are the same" },
    InvalidPullRequestReviewersException: { kind: "invalid", problem: "the host refuses the reviewers" },
    PullRequestOutOfDateException: outOfDate(),
    CommentOutOfDateException: outOfDate(),
    IllegalPullRequestStateException: {
      kind: "conflict",
      problem: "the request is not open any more",
      next: "run again",
    },
    PullRequestMergeVetoedException: {
      kind: "invalid",
      problem: "a merge check refuses the request, and auto-merge does not wait for it",
    },
    ArchivedRepositoryException: {
      kind: "denied",
      problem: "the repository is archived",
      next: "unarchive it, or set another repository.url",
    },
  }),
);

function outOfDate(): Meaning {
  return { kind: "conflict", problem: "somebody else changed it since it was read", next: "run again" };
}

function missingBranch(): Meaning {
  const problem = "the host does not know one of the two branches";
  return { kind: "not-found", problem, next: "check repository.base and branch" };
}

function captcha(): Meaning {
  return {
    kind: "denied",
    problem: "the host wants a captcha after too many failed logins",
    next: "sign in once in a browser as this user, or use an HTTP access token and drop repository.username",
  };
}

function refusesCredential({ headers }: ForgeAnswer, username: string | undefined): Meaning {
  if (/captcha/i.test(headers["x-authentication-denied-reason"] ?? "")) return captcha();
  const problem = "the host answered 401: the login is not accepted";
  const next =
    username === undefined
      ? "check repository.token: an HTTP access token of a user, project or repository; a password needs repository.username"
      : "check repository.username and token, the user's password; with an HTTP access token drop repository.username";
  return { kind: "denied", problem, next };
}

function faultsOf({ text }: ForgeAnswer) {
  try {
    return ServerFaults.safeParse(JSON.parse(text)).data?.errors ?? [];
  } catch {
    return [];
  }
}
