import type { GitLogin, PlatformOptions } from "../../driver.ts";
import { basicAuthorization } from "../../http/basic-authorization.ts";
import { PlatformError } from "../../platform-error.ts";

/** An access token of Microsoft Entra is a JWT; no personal access token holds a dot. */
const ENTRA_TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;

/** @throws PlatformError "invalid" for what Azure DevOps does not take, naming what it does */
export function checkCredentials({ app }: PlatformOptions): void {
  if (app === undefined) return;
  throw new PlatformError({
    kind: "invalid",
    who: "azure-devops",
    operation: "read repository",
    problem: "Azure DevOps has no Apps as GitHub has",
    next: "set repository.token to a personal access token with the scopes Code (read and write), Code (status) and Project and Team (read), or to a Microsoft Entra access token",
  });
}

/** The header that carries the token to the API. */
export function apiHeaders(options: PlatformOptions): Readonly<Record<string, string>> {
  const login = gitLoginWith(options);
  if (login === undefined) return {};
  if (login.scheme === "bearer") return { authorization: `Bearer ${login.token.reveal()}` };
  return basicAuthorization(login.username, login.token);
}

/** Git is let in as the API is. A personal access token is the password of nobody: the user stays empty. */
export function gitLoginWith({ token, username }: PlatformOptions): GitLogin | undefined {
  if (token === undefined) return undefined;
  if (username === undefined && ENTRA_TOKEN.test(token.reveal())) return { scheme: "bearer", token };
  return { scheme: "basic", username: username ?? "", token };
}
