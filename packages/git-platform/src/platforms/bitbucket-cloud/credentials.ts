import type { GitLogin, PlatformOptions } from "../../driver.ts";
import { basicAuthorization } from "../../http/basic-authorization.ts";

/**
 * The header for the API: an API token goes out as basic authentication with its account's e-mail address, an access
 * token of a repository, project or workspace, which has no user, as a bearer.
 */
export function authorization({ token, username }: PlatformOptions): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  if (username === undefined) return { authorization: `Bearer ${token.reveal()}` };
  return basicAuthorization(username, token);
}

/** Git takes no e-mail address: a fixed user name says which kind of token comes as the password. */
export function gitLogin({ token, username }: PlatformOptions): GitLogin | undefined {
  if (token === undefined) return undefined;
  return { scheme: "basic", username: username === undefined ? "x-token-auth" : "x-bitbucket-api-token-auth", token };
}
