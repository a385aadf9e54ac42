import type { Call } from "@kubeferry/model";
import type { Octokit } from "@octokit/rest";
import type { Capabilities } from "../../capabilities.ts";
import type { HostInfo } from "../../platform.ts";
import type { GitHubApi } from "./api.ts";
import type { GitHubCredential } from "./credential.ts";
import { GitHubMeta, GitHubUser } from "./schema.ts";

/** GitHub Enterprise Server has auto-merge from 3.3, and tells of merge queues, which have to be known, from 3.12. */
const AUTO_MERGE_SINCE = { major: 3, minor: 12 };

/** See GitPlatform. */
export async function getHost(
  api: GitHubApi,
  credential: GitHubCredential,
  apiUrl: string,
  call: Call,
): Promise<HostInfo> {
  const said = await introduce(api, credential, call);
  const version = said.headers["x-github-enterprise-version"];
  return {
    product: productAt(apiUrl, version),
    can: capabilitiesOf(version),
    user: said.user ?? (await credential.appUser(call)),
    scopes: scopesIn(said.headers["x-oauth-scopes"]) ?? (await permissionsOf(credential)),
  };
}

interface Introduction {
  readonly headers: Readonly<Record<string, string>>;
  readonly user: string | undefined;
}

// A token of an installation stands for no user: GitHub would answer it 403.
async function introduce(api: GitHubApi, credential: GitHubCredential, call: Call): Promise<Introduction> {
  const operation = "ask who the token speaks for";
  if (credential.kind === "installation" || credential.kind === "none") {
    const request = { operation, answer: GitHubMeta, send: ({ rest }: Octokit) => rest.meta.get() };
    return { headers: (await api.whole(request, call)).headers, user: undefined };
  }
  const { headers, value } = await api.whole(
    { operation, answer: GitHubUser, send: ({ rest }) => rest.users.getAuthenticated() },
    call,
  );
  return { headers, user: value.login };
}

function productAt(apiUrl: string, version: string | undefined): string {
  if (version !== undefined) return `GitHub Enterprise Server ${version}`;
  const { hostname } = new URL(apiUrl);
  return hostname.endsWith(".ghe.com") ? `GitHub (${hostname.replace(/^api\./, "")})` : "GitHub";
}

function capabilitiesOf(version: string | undefined): Capabilities {
  const all = { draft: true, labels: true, reviewers: true, teamReviewers: true, assignees: true, milestone: true };
  return { ...all, autoMerge: isAtLeast(version, AUTO_MERGE_SINCE), commitStatus: true };
}

function isAtLeast(version: string | undefined, least: { readonly major: number; readonly minor: number }): boolean {
  if (version === undefined) return true; // not a server of one's own: always the newest
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > least.major || (major === least.major && minor >= least.minor);
}

// Only classic tokens are answered with this header; "" is one without any scope.
function scopesIn(header: string | undefined): readonly string[] | undefined {
  return header?.split(",").flatMap((scope) => (scope.trim() === "" ? [] : [scope.trim()]));
}

async function permissionsOf(credential: GitHubCredential): Promise<readonly string[] | undefined> {
  const permissions = await credential.permissions();
  if (permissions === undefined) return undefined;
  return Object.entries(permissions).map(([name, access]) => `${name}:${access}`);
}
