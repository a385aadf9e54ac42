import type { Secret } from "@kubeferry/model";
import type { GitLogin, PlatformOptions } from "../../driver.ts";
import { PlatformError } from "../../platform-error.ts";

/** What an application got from GitLab's OAuth: 32 random bytes in hex. No other kind of token looks so. */
const OAUTH_TOKEN = /^[0-9a-f]{64}$/;

/** Tokens that GitLab takes elsewhere but not for opening merge requests, by what they begin with. */
const OTHER_TOKENS: Readonly<Record<string, string>> = {
  "gldt-": "a deploy token",
  "glcbt-": "a CI job token",
  "glrt-": "a runner token",
  "glptt-": "a pipeline trigger token",
  "glft-": "a feed token",
};

const RIGHT_TOKEN =
  "make a project, group or personal access token with the scopes api and write_repository, and set it as repository.token alone";

/** @throws PlatformError "invalid" for what GitLab's API does not take, naming what it does */
export function checkCredentials({ token, username, app }: PlatformOptions): void {
  if (app !== undefined) throw refused("GitLab has no Apps as GitHub has");
  if (username !== undefined) throw refused("GitLab's API takes no user with a password");
  if (token === undefined) return;
  const clear = token.reveal();
  const prefix = Object.keys(OTHER_TOKENS).find((candidate) => clear.startsWith(candidate));
  if (prefix !== undefined) throw refused(`${OTHER_TOKENS[prefix]} opens no merge requests`);
}

/** The header that carries the token to the API. */
export function apiHeaders(token: Secret | undefined): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  const clear = token.reveal();
  return OAUTH_TOKEN.test(clear) ? { authorization: `Bearer ${clear}` } : { "private-token": clear };
}

/** Git takes every kind of token as the password of this user; OAuth's as that of no other. */
export function gitLoginWith(token: Secret | undefined): GitLogin | undefined {
  return token === undefined ? undefined : { scheme: "basic", username: "oauth2", token };
}

function refused(problem: string): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: "gitlab",
    operation: "read repository",
    problem,
    next: RIGHT_TOKEN,
  });
}
