import type { KeyObject } from "node:crypto";
import { type Call, Secret, silentLog } from "@kubeferry/model";
import type { AppCredentials } from "../../driver.ts";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { RepoRef } from "../../platform.ts";
import { appJwt } from "./app-jwt.ts";
import { named, repoPath } from "./paths.ts";
import { GitHubApp, GitHubInstallation, GitHubInstallationToken } from "./schema.ts";

/** A token of an installation: for one repository, good for an hour. */
interface InstallationToken {
  readonly token: Secret;
  /** "contents" -> "write". */
  readonly permissions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** The tokens of a GitHub App's installation. */
export interface AppTokens {
  /** One that is good for ten minutes yet: the last one, or a new one. Asked for once, however many wait.
   * @throws PlatformError */
  current(): Promise<InstallationToken>;
  /** The name that the App writes its comments under: "kubeferry[bot]".
   * @throws PlatformError */
  user(call: Call): Promise<string>;
}

/** Where the tokens come from. */
export interface AppTokensFrom {
  /** Sends with `headers()` below as its credential. */
  readonly http: ForgeHttp;
  readonly app: Pick<AppCredentials, "installationId">;
  readonly repo: RepoRef;
  readonly now: () => number;
}

/** Git may push for minutes with a token that it was given before. */
const GOOD_FOR_MS = 10 * 60_000;

/** Asks for nothing yet. */
export function createAppTokens({ http, app, repo, now }: AppTokensFrom): AppTokens {
  const state: { last?: InstallationToken; next?: Promise<InstallationToken> } = {};
  // Several calls may wait for one token: none of them may stop it for the others.
  const call: Call = { signal: new AbortController().signal, log: silentLog };

  async function renew(): Promise<InstallationToken> {
    try {
      const id = app.installationId ?? (await findInstallation(http, repo, call));
      state.last = await makeToken(http, { id, repo }, call);
      return state.last;
    } finally {
      delete state.next;
    }
  }

  return {
    async current() {
      if (state.last !== undefined && state.last.expiresAtMs - now() > GOOD_FOR_MS) return state.last;
      state.next ??= renew();
      return state.next;
    },
    async user(asked) {
      const request = { method: "GET", path: "/app", answer: GitHubApp, operation: "look at the App" } as const;
      return `${(await http.json(request, asked)).slug}[bot]`;
    },
  };
}

/** The headers by which an App speaks for itself, and not for an installation. */
export function appHeaders(id: string, key: KeyObject, now: () => number): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${appJwt(id, key, now())}` };
}

async function findInstallation(http: ForgeHttp, repo: RepoRef, call: Call): Promise<number> {
  const path = `${repoPath(repo)}/installation`;
  const operation = `find the App's installation for ${named(repo)}`;
  return (await http.json({ method: "GET", path, answer: GitHubInstallation, operation }, call)).id;
}

async function makeToken(
  http: ForgeHttp,
  { id, repo }: { readonly id: number; readonly repo: RepoRef },
  call: Call,
): Promise<InstallationToken> {
  const made = await http.json(
    {
      method: "POST",
      path: `/app/installations/${id}/access_tokens`,
      // An installation may hold a hundred repositories; this token opens one.
      body: { repositories: [repo.name] },
      answer: GitHubInstallationToken,
      operation: `get a token of the App for ${named(repo)}`,
    },
    call,
  );
  const { token, permissions, expires_at } = made;
  return { token: new Secret(token), permissions, expiresAtMs: Date.parse(expires_at) };
}
