import type { RepoAddress } from "../../driver.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";

/** GitHub's SSH for networks that let only port 443 out. */
const SSH_OVER_HTTPS = "ssh.github.com";

/**
 * Reads where a repository's API is: github.com and tenants of ghe.com have a host of its own for it, GitHub Enterprise
 * Server a path.
 * @throws PlatformError "invalid"
 */
export function parseGitHubUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl("github", url);
  const { hostname } = new URL(origin);
  const hosted = hostedApi(hostname);
  const [owner = "", name = ""] = segments.slice(-2);
  if (hosted === undefined) {
    const below = segments.slice(0, -2).map((segment) => `/${encodeURIComponent(segment)}`);
    return { apiUrl: `${origin}${below.join("")}/api/v3`, owner, name };
  }
  if (segments.length !== 2) throw pageNotRepository(hostname);
  return { apiUrl: hosted, owner, name };
}

function hostedApi(hostname: string): string | undefined {
  if (["github.com", "www.github.com", SSH_OVER_HTTPS].includes(hostname)) return "https://api.github.com";
  return /^[a-z0-9-]+\.ghe\.com$/.test(hostname) ? `https://api.${hostname}` : undefined;
}

function pageNotRepository(hostname: string): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: "github",
    operation: "read repository.url",
    problem: "it is a page of a repository and not the repository",
    next: `write it like https://${hostname}/owner/name.git`,
  });
}
