import type { Call } from "@kubeferry/model";
import { parseAnswer } from "../../http/parse-answer.ts";
import type { HostInfo, RepoRef, Repository } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { ask, type ServerApi, WHO } from "./api.ts";
import { named, repoPath } from "./paths.ts";
import { ServerBranch, ServerProperties, ServerRepository } from "./schema.ts";

/** The first versions that can do something. */
const SINCE = { draft: [8, 18], autoMerge: [8, 15], teamReviewers: [7, 13] } as const;

/** The server's version, and whom the token speaks for: a header of every answer says so. */
export async function getHost(api: ServerApi, call: Call): Promise<HostInfo> {
  const path = "/api/latest/application-properties";
  const request = { method: "GET", path, operation: "look at the host" } as const;
  const { answer, error } = await ask(api, request, call);
  if (error !== undefined) throw error;
  const { version } = parseAnswer(WHO, request, answer, ServerProperties);
  const can = {
    draft: isAtLeast(version, SINCE.draft),
    labels: false,
    reviewers: true,
    teamReviewers: isAtLeast(version, SINCE.teamReviewers),
    assignees: false,
    milestone: false,
    autoMerge: isAtLeast(version, SINCE.autoMerge),
    commitStatus: true,
  };
  return {
    product: `Bitbucket Data Center ${version}`,
    can,
    user: userOf(answer.headers["x-ausername"]),
    scopes: undefined,
  };
}

/** The repository; whether the token may push to it is seen only when it does. */
export async function getRepository({ http }: ServerApi, repo: RepoRef, call: Call): Promise<Repository> {
  const operation = `look at repository ${named(repo)}`;
  const request = { method: "GET", path: repoPath(repo), answer: ServerRepository, operation } as const;
  const { archived, links } = await http.json(request, call);
  const empty = await isEmpty({ http }, repo, call);
  return {
    repo,
    url: links.self[0]?.href ?? "",
    defaultBranch: await defaultBranch({ http }, repo, call),
    empty,
    archived: archived ?? false,
    canPush: undefined,
    takesPullRequests: true,
  };
}

async function isEmpty({ http }: Pick<ServerApi, "http">, repo: RepoRef, call: Call): Promise<boolean> {
  const list = {
    path: `${repoPath(repo)}/branches`,
    query: { limit: 1 },
    itemsIn: "values",
    item: ServerBranch,
  } as const;
  const operation = `look for branches of ${named(repo)}`;
  for await (const _ of http.pages({ ...list, paging: () => undefined, operation }, call)) return false;
  return true;
}

async function defaultBranch({ http }: Pick<ServerApi, "http">, repo: RepoRef, call: Call): Promise<string> {
  const path = `${repoPath(repo)}/default-branch`;
  const operation = `look at the default branch of ${named(repo)}`;
  try {
    return (await http.json({ method: "GET", path, answer: ServerBranch, operation }, call)).displayId;
  } catch (error) {
    // The repository is there; that branch was never pushed, and some versions do not tell its name then.
    if (error instanceof PlatformError && error.kind === "not-found") return "main";
    throw error;
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

function userOf(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  try {
    return decodeURIComponent(header);
  } catch {
    return header;
  }
}
