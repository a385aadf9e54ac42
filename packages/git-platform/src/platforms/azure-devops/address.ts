import type { RepoAddress } from "../../driver.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";

const SERVICES_SSH = "https://ssh.dev.azure.com";
const OLD_SERVICES_SSH = "https://vs-ssh.visualstudio.com";

/**
 * Reads Azure DevOps' addresses: `https://dev.azure.com/org/project/_git/repo`, `https://org.visualstudio.com/…`,
 * `git@ssh.dev.azure.com:v3/org/project/repo` and, on a server, `https://host/tfs/Collection/Project/_git/Repo`.
 * The project may be left out where the repository has its name.
 * @throws PlatformError "invalid"
 */
export function parseAzureUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl("azure-devops", url);
  const named = [...segments.slice(0, -1), lastAsWritten(url, segments.at(-1) ?? "")];
  if (origin === SERVICES_SSH || origin === OLD_SERVICES_SSH) return ofSsh(origin, named);
  const at = named.findIndex((segment) => segment === "_git" || segment === "_ssh");
  const [name] = named.slice(at + 1);
  if (at < 0 || name === undefined || named.length > at + 2) throw refused();
  const before = named.slice(0, at);
  const projectAt = hasProject(origin, before) ? before.length - 1 : before.length;
  const below = before.slice(0, projectAt).map((segment) => `/${encodeURIComponent(segment)}`);
  return { apiUrl: `${origin}${below.join("")}`, owner: before[projectAt] ?? name, name };
}

// "v3/org/project/repo"
function ofSsh(origin: string, [version, organization, project, name, ...more]: readonly string[]): RepoAddress {
  if (!/^v\d+$/.test(version ?? "") || organization === undefined || project === undefined || name === undefined) {
    throw refused();
  }
  if (more.length > 0) throw refused();
  const host = origin === SERVICES_SSH ? "https://dev.azure.com" : `https://${organization}.visualstudio.com`;
  const below = origin === SERVICES_SSH ? `/${encodeURIComponent(organization)}` : "";
  return { apiUrl: `${host}${below}`, owner: project, name };
}

// The organisation comes first on dev.azure.com, a collection (below "tfs", as a rule) on a server.
function hasProject(origin: string, before: readonly string[]): boolean {
  if (origin.endsWith(".visualstudio.com")) return before.filter((one) => one !== "DefaultCollection").length > 0;
  const aboveProject = before[0]?.toLowerCase() === "tfs" ? 2 : 1;
  return before.length > aboveProject;
}

// Azure adds no ".git" to an address: where there is one, the repository is called so.
function lastAsWritten(url: string, last: string): string {
  return `${last}${/\.git(?=\/*$)/i.exec(url.trim())?.[0] ?? ""}`;
}

function refused(): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: "azure-devops",
    operation: "read repository.url",
    problem: "it is no address of a repository on Azure DevOps",
    next: "write it like https://dev.azure.com/organisation/project/_git/repository, without a user in it",
  });
}
