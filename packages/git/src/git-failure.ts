import { GitError } from "./git-error.ts";
import { READINGS } from "./git-words.ts";

/** What git said when it failed. */
export interface FailedAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Turns what git said into an error of this package, with git's own words cut short behind ours. */
export function failureOf(operation: string, answer: FailedAnswer): GitError {
  const words = withoutNames(answer.stderr);
  const reading = READINGS.find(({ says }) => says.test(words));
  const said = gitSaid(answer.stderr);
  if (reading === undefined) return unknownFailure(operation, answer, said);
  const problem = typeof reading.problem === "string" ? reading.problem : reading.problem(answer.stderr);
  return new GitError({
    kind: reading.kind,
    who: "git",
    operation,
    problem: said === "" ? problem : `${problem} (git: ${said})`,
    ...(reading.next === undefined ? {} : { next: reading.next }),
  });
}

/** What stands in quotes are addresses and names: "tls" in one of them says nothing of certificates. */
function withoutNames(stderr: string): string {
  return stderr.replace(/(?<=^|[\s(])'[^'\n]*'/gm, "''");
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
