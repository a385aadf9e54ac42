import type { RepoAddress } from "../../driver.ts";
import { splitRepoUrl } from "../../repo-url.ts";

/** Some networks let SSH out by the HTTPS port only; GitLab.com has a host of its own for that. */
const ALTERNATIVE_SSH = "https://altssh.gitlab.com";

/**
 * Reads GitLab's addresses. Groups nest, so that everything before the last part is the owner: what lies below a path
 * (`https://example.com/gitlab/acme/fleet`) can be told from a group by the API's address only.
 * @param apiUrl where the configuration says the API is: "https://example.com/gitlab/api/v4"
 * @throws PlatformError "invalid"
 */
export function parseGitLabUrl(url: string, apiUrl?: string): RepoAddress {
  const { origin, segments } = splitRepoUrl("gitlab", url);
  const root = /^https?:/i.test(url.trim()) && apiUrl !== undefined ? rootOf(apiUrl) : [];
  const below = root.every((segment, index) => segments[index] === segment) && segments.length >= root.length + 2;
  const path = below ? segments.slice(root.length) : segments;
  const host = origin === ALTERNATIVE_SSH ? "https://gitlab.com" : origin;
  return { apiUrl: apiUrl ?? `${host}/api/v4`, owner: path.slice(0, -1).join("/"), name: path.at(-1) ?? "" };
}

function rootOf(apiUrl: string): readonly string[] {
  try {
    const segments = new URL(apiUrl).pathname.split("/").filter((segment) => segment !== "");
    return segments.slice(0, -2).map(decodeURIComponent); // without "api/v4"
  } catch {
    return []; // no address, said where the API is first used, or a broken percent sign, which no group's path has
  }
}
