import type { Call, Secret } from "@kubeferry/model";
import type { GitLogin, PlatformOptions } from "../../driver.ts";
import { createForgeHttp, type ForgeHttp, type ForgeHttpOptions } from "../../http/forge-http.ts";
import { PlatformError } from "../../platform-error.ts";
import { explainApp } from "./app-errors.ts";
import { readAppKey } from "./app-jwt.ts";
import { type AppTokens, appHeaders, createAppTokens } from "./app-tokens.ts";

/** Who we are to GitHub. */
export interface GitHubCredential {
  /** "installation": of an App, ours to renew or given. "none": what is public. The others are a person's tokens. */
  readonly kind: "classic" | "fine-grained" | "installation" | "none";
  /** Sees to it that what is asked for below is at hand.
   * @throws PlatformError where GitHub gives an App no token */
  ready(): Promise<void>;
  /** Headers of every request to the API. */
  authorize(): Promise<Readonly<Record<string, string>>>;
  gitLogin(): Promise<GitLogin | undefined>;
  /** What an App's installation may do: "contents" -> "write"; undefined for other credentials. */
  permissions(): Promise<Readonly<Record<string, string>> | undefined>;
  /** The name that an App writes its comments under; undefined for other credentials. */
  appUser(call: Call): Promise<string | undefined>;
  close(): Promise<void>;
}

/** GitHub dates its API; this version is served until 2028 at least. */
const API_HEADERS: Readonly<Record<string, string>> = {
  accept: "application/vnd.github+json",
  "x-github-api-version": "2022-11-28",
};

/**
 * Sends nothing yet.
 * @param connection how the host is reached, for the App's own requests
 * @throws PlatformError "invalid" for a user with a password, and for a key that is none
 */
export function createCredential(
  options: PlatformOptions,
  connection: Omit<ForgeHttpOptions, "authorize" | "explain">,
  now: () => number,
): GitHubCredential {
  const { token, username, app } = options;
  if (username !== undefined) throw passwordNotTaken();
  if (app !== undefined) {
    const key = readAppKey(app.privateKey);
    const http = createForgeHttp({
      ...connection,
      authorize: () => ({ ...API_HEADERS, ...appHeaders(app.id, key, now) }),
      explain: explainApp,
    });
    return ofApp(createAppTokens({ http, app, repo: options.repo, now }), http);
  }
  return token === undefined ? NOBODY : ofToken(token);
}

function ofApp(tokens: AppTokens, http: ForgeHttp): GitHubCredential {
  return {
    kind: "installation",
    async ready() {
      await tokens.current();
    },
    authorize: async () => bearer((await tokens.current()).token),
    gitLogin: async () => gitLoginWith((await tokens.current()).token),
    permissions: async () => (await tokens.current()).permissions,
    appUser: (call) => tokens.user(call),
    close: () => http.close(),
  };
}

function ofToken(token: Secret): GitHubCredential {
  return {
    ...NOBODY,
    kind: kindOf(token.reveal()),
    authorize: async () => bearer(token),
    gitLogin: async () => gitLoginWith(token),
  };
}

// A workflow's GITHUB_TOKEN is one of an installation. Tokens from before 2021 have no beginning of their own.
function kindOf(token: string): GitHubCredential["kind"] {
  if (token.startsWith("ghs_")) return "installation";
  return token.startsWith("github_pat_") ? "fine-grained" : "classic";
}

const NOBODY: GitHubCredential = {
  kind: "none",
  ready: async () => undefined,
  authorize: async () => API_HEADERS,
  gitLogin: async () => undefined,
  permissions: async () => undefined,
  appUser: async () => undefined,
  close: async () => undefined,
};

function bearer(token: Secret): Readonly<Record<string, string>> {
  return { ...API_HEADERS, authorization: `Bearer ${token.reveal()}` };
}

// GitHub looks at the password only; this is the user that its documentation writes.
function gitLoginWith(token: Secret): GitLogin {
  return { scheme: "basic", username: "x-access-token", token };
}

function passwordNotTaken(): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: "github",
    operation: "read repository.username",
    problem: "GitHub takes no user with a password",
    next: "drop it, and write a personal access token (fine-grained or classic) to repository.token, or use repository.app",
  });
}
