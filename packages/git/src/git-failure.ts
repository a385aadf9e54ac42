import { GitError, type GitErrorKind } from "./git-error.ts";

/** What git said when it failed. */
export interface FailedAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Reading {
  readonly says: RegExp;
  readonly kind: GitErrorKind;
  readonly problem: string;
  readonly next?: string;
}

// First match counts. git's texts are stable because LC_ALL is "C".
const READINGS: readonly Reading[] = [
  {
    says: /returned error: 30\d|unable to update url base from redirection/,
    kind: "invalid",
    problem: "the server sends on to another address, and a token is never sent after a redirect",
    next: "write the new address in repository.url",
  },
  {
    says: /could not read (Username|Password)|Authentication failed|returned error: 401/,
    kind: "denied",
    problem: "the server wants other credentials",
    next: "check repository.token: set, not expired, for this host",
  },
  {
    says: /returned error: 403|Permission denied|Access denied|not authorized/i,
    kind: "denied",
    problem: "these credentials may not do this",
    next: "give the token the right to read and write this repository",
  },
  {
    says: /Host key verification failed/,
    kind: "denied",
    problem: "the host's key is not in known_hosts",
    next: "compare its fingerprint and add it to ~/.ssh/known_hosts",
  },
  {
    says: /dubious ownership/,
    kind: "denied",
    problem: "the local repository belongs to another user, and git refuses to read it",
    next: "run as its owner",
  },
  {
    says: /repository .*not found|returned error: 404|does not appear to be a git repository|couldn't find remote ref/i,
    kind: "not-found",
    problem: "there is no such repository, or it is not visible to these credentials",
    next: "check repository.url and the token's rights",
  },
  {
    says: /certificate|SSL|TLS/,
    kind: "invalid",
    problem: "the server's certificate is not trusted",
    next: "set repository.caFile to the PEM file of its certificate authority",
  },
  {
    says: /Could not resolve|Failed to connect|Connection|timed out|early EOF|hung up|returned error: (429|5\d\d)|RPC failed|unable to access|network|unreachable/i,
    kind: "unavailable",
    problem: "the server does not answer, or broke off",
    next: "run again",
  },
];

/** Turns what git said into an error of this package, with git's own words cut short behind ours. */
export function failureOf(operation: string, answer: FailedAnswer): GitError {
  const reading = READINGS.find(({ says }) => says.test(answer.stderr));
  const said = gitSaid(answer.stderr);
  if (reading === undefined) return unknownFailure(operation, answer, said);
  return new GitError({
    kind: reading.kind,
    who: "git",
    operation,
    problem: said === "" ? reading.problem : `${reading.problem} (git: ${said})`,
    ...(reading.next === undefined ? {} : { next: reading.next }),
  });
}

function unknownFailure(operation: string, answer: FailedAnswer, said: string): GitError {
  const ended = answer.exitCode === null ? "git was killed" : `git ended with exit code ${answer.exitCode}`;
  return new GitError({
    kind: answer.exitCode === null ? "unavailable" : "invalid",
    who: "git",
    operation,
    problem: said === "" ? ended : `${ended} (git: ${said})`,
  });
}

/** No usable git program; `found` is the version of one that is too old. */
export function missingGit(operation: string, found?: string): GitError {
  return new GitError({
    kind: "missing-git",
    who: "git",
    operation,
    problem: found === undefined ? "there is no git program on PATH" : `git ${found} is too old`,
    next: "install git 2.32 or newer",
  });
}

const SAID_CHARACTERS = 200;

/** The line in which git says why, cleaned of control characters and cut. */
function gitSaid(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map(clean)
    .filter((line) => line !== "");
  const telling = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? "";
  return cut(telling.replace(/^(fatal|error): /, "").trim());
}

/** What the server itself said ("remote: …"), in one line, cut. */
export function serverSaid(stderr: string): string {
  const lines = stderr.split("\n").map(clean);
  const remote = lines.filter((line) => line.startsWith("remote:")).map((line) => line.slice("remote:".length).trim());
  return cut(remote.filter((line) => line !== "").join(" "));
}

function clean(line: string): string {
  return line.replace(/\p{Cc}+/gu, " ").trim();
}

function cut(text: string): string {
  return text.length <= SAID_CHARACTERS ? text : `${text.slice(0, SAID_CHARACTERS)}…`;
}
