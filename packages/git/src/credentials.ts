import { Buffer } from "node:buffer";
import type { Secret } from "@kubeferry/model";
import { GitError } from "./git-error.ts";

/** Who git says it is over HTTP(S). */
export type GitCredentials =
  /** A user with a password, or with a token in its place. */
  | { readonly scheme: "basic"; readonly username: string; readonly token: Secret }
  /** A token that stands for its user by itself. */
  | { readonly scheme: "bearer"; readonly token: Secret };

/**
 * Gives the credentials of the moment. Asked before each command that may talk to the remote, so that ones that run out
 * can be renewed; undefined: what everybody may read.
 */
export type CredentialsSource = (call: { readonly signal: AbortSignal }) => Promise<GitCredentials | undefined>;

/** One form for both: what is always the same, and what is asked for. */
export function credentialsSource(credentials: GitCredentials | CredentialsSource | undefined): CredentialsSource {
  return typeof credentials === "function" ? credentials : () => Promise.resolve(credentials);
}

/**
 * The HTTP header that carries the credentials.
 * @throws GitError "invalid" for a token that would end the header, or a user name that basic authentication cannot send
 */
export function authorizationHeader(credentials: GitCredentials): string {
  const token = credentials.token.reveal();
  if (/\p{Cc}/u.test(token)) throw unusable("the token holds a line break or another control character");
  if (credentials.scheme === "bearer") return `Authorization: Bearer ${token}`;
  const { username } = credentials;
  if (/[:\p{Cc}]/u.test(username)) throw unusable("the user name holds a colon or a control character");
  return `Authorization: Basic ${base64Of(username, token)}`;
}

/** Every form in which these credentials travel: none of them may be printed. */
export function secretTexts(credentials: GitCredentials | undefined): readonly string[] {
  if (credentials === undefined) return [];
  const token = credentials.token.reveal();
  const { scheme } = credentials;
  const texts = scheme === "basic" ? [token, base64Of(credentials.username, token)] : [token];
  return texts.filter((text) => text !== "");
}

function base64Of(username: string, token: string): string {
  return Buffer.from(`${username}:${token}`, "utf8").toString("base64");
}

function unusable(problem: string): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "sign in",
    problem,
    next: "check repository.token and repository.username",
  });
}
