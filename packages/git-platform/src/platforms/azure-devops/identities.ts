import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { RepoRef } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { listed } from "./lists.ts";
import { named } from "./paths.ts";
import { AzureMember, AzureTeam } from "./schema.ts";

/** Users by the names they were asked for. */
interface People {
  readonly found: readonly { readonly name: string; readonly id: string }[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

/**
 * Looks for users among the members of the project's teams, by their sign-in name ("ada@example.com") or by the name
 * that is shown, where one only has it. The directory of all users is on another host, where the token is not sent.
 */
export async function findPeople(
  http: ForgeHttp,
  repo: RepoRef,
  names: readonly string[],
  call: Call,
): Promise<People> {
  const signIn = new Map<string, string>();
  const shown = new Map<string, Set<string>>();
  for await (const { id, displayName = "", uniqueName = "" } of members(http, repo, call)) {
    signIn.set(uniqueName.toLowerCase(), id);
    shown.set(displayName, (shown.get(displayName) ?? new Set()).add(id));
    if (names.every((name) => signIn.has(name.toLowerCase()))) break;
  }
  const looked = names.map((name) => {
    const ids = [...(shown.get(name) ?? [])];
    return {
      name,
      id: signIn.get(name.toLowerCase()) ?? (ids.length === 1 ? ids[0] : undefined),
      several: ids.length > 1,
    };
  });
  return {
    found: looked.flatMap(({ name, id }) => (id === undefined ? [] : [{ name, id }])),
    missing: looked.flatMap(({ name, id, several }) =>
      id === undefined
        ? [{ name, why: several ? "several users have this name" : "no team of the project has such a member" }]
        : [],
    ),
  };
}

/** @param name "platform" of the repository's project, or "other project/platform" */
export async function findTeam(http: ForgeHttp, repo: RepoRef, name: string, call: Call): Promise<string | undefined> {
  const slash = name.lastIndexOf("/");
  const project = slash < 0 ? repo.owner : name.slice(0, slash);
  const wanted = name.slice(slash + 1).toLowerCase();
  try {
    for await (const team of teams(http, project, call)) if (team.name.toLowerCase() === wanted) return team.id;
  } catch (error) {
    // Another project may be invisible; that of the repository has been looked at before.
    if (!(error instanceof PlatformError && error.kind === "not-found" && project !== repo.owner)) throw error;
  }
  return undefined;
}

async function* members(http: ForgeHttp, { owner, name }: RepoRef, call: Call) {
  for await (const { id } of teams(http, owner, call)) {
    const path = `${teamsPath(owner)}/${encodeURIComponent(id)}/members`;
    const operation = `look up users for ${named({ owner, name })}`;
    for await (const { identity } of listed(http, { path, item: AzureMember, operation }, call)) yield identity;
  }
}

function teams(http: ForgeHttp, project: string, call: Call): AsyncIterable<AzureTeam> {
  const operation = `look up teams of ${project}`;
  return listed(http, { path: teamsPath(project), item: AzureTeam, operation }, call);
}

function teamsPath(project: string): string {
  return `/_apis/projects/${encodeURIComponent(project)}/teams`;
}
