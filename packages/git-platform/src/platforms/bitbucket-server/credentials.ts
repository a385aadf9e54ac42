import type { GitLogin, PlatformOptions } from "../../driver.ts";
import { basicAuthorization } from "../../http/basic-authorization.ts";

/** The headers for the API: an HTTP access token as a bearer, or a user's password as basic authentication. */
export function authorization({ token, username }: PlatformOptions): Readonly<Record<string, string>> {
  // Without it the server takes some requests for a browser's, made by another page.
  const always = { "x-atlassian-token": "no-check" };
  if (token === undefined) return always;
  if (username === undefined) return { ...always, authorization: `Bearer ${token.reveal()}` };
  return { ...always, ...basicAuthorization(username, token) };
}

/** Git is let in the same way: a token of a project or repository has no user whose password it could be. */
export function gitLogin({ token, username }: PlatformOptions): GitLogin | undefined {
  if (token === undefined) return undefined;
  return username === undefined ? { scheme: "bearer", token } : { scheme: "basic", username, token };
}
