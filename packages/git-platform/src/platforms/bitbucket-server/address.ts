import type { RepoAddress } from "../../driver.ts";
import { PlatformError } from "../../platform-error.ts";
import { splitRepoUrl } from "../../repo-url.ts";
import { WHO } from "./api.ts";

/**
 * Reads `https://host[/context]/scm/PROJECT/name.git`, `ssh://git@host:7999/project/name.git` and
 * `git@host:project/name.git`; "~ada" in place of a project is a person. The SSH forms do not tell below which path
 * the server is: then `repository.apiUrl` has to.
 * @throws PlatformError "invalid"
 */
export function parseServerUrl(url: string): RepoAddress {
  const { origin, segments } = splitRepoUrl(WHO, url);
  const [owner = "", name = ""] = segments.slice(-2);
  const before = segments.slice(0, -2);
  const http = /^https?:/i.test(url.trim());
  if (http ? before.at(-1) !== "scm" : before.length > 0) throw refused(http);
  const context = before.slice(0, -1).map((segment) => `/${encodeURIComponent(segment)}`);
  return { apiUrl: `${origin}${context.join("")}/rest`, owner, name };
}

/** Where the REST APIs begin, from however much of it was configured: ".../rest", ".../rest/api/1.0", or the server. */
export function restUrl(apiUrl: string): string {
  return `${apiUrl.replace(/\/+$/, "").replace(/\/rest(?:\/api(?:\/[^/]+)?)?$/, "")}/rest`;
}

function refused(http: boolean): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who: WHO,
    operation: "read repository.url",
    problem: http ? "it does not end in /scm/PROJECT/name.git" : "it does not end in host/project/name.git",
    next: "copy the clone address that the repository's page shows",
  });
}
