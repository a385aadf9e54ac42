import { PlatformError } from "./platform-error.ts";

/** The address of a repository in its parts, whatever form it was written in. */
export interface RepoUrl {
  /** Where the host's pages are: "https://git.example.com", with the port for http(s) forms only. */
  readonly origin: string;
  /** What follows, decoded, the last one without ".git": ["sub", "acme", "fleet"]. */
  readonly segments: readonly string[];
}

const SCP_FORM = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/;

/**
 * Reads `https://host[:port]/…/owner/name[.git]`, `ssh://git@host[:port]/owner/name.git` and
 * `git@host:owner/name.git`. The SSH forms say nothing of the host's pages: https and its usual port are assumed.
 * @throws PlatformError "invalid" for a local path, another form, or a credential in the address, which is not repeated
 */
export function splitRepoUrl(who: string, text: string): RepoUrl {
  const given = text.trim();
  const scp = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? null : SCP_FORM.exec(given);
  if (scp !== null) return { origin: `https://${scp[1]}`, segments: segmentsOf(who, scp[2] ?? "") };
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^(https?|ssh):$/.test(url.protocol)) throw refused(who, "it is no address on a Git host");
  const ssh = url.protocol === "ssh:";
  if (url.password !== "" || (!ssh && url.username !== "")) throw refused(who, "it holds a credential");
  if (url.search !== "" || url.hash !== "") throw refused(who, "it has a query or a fragment");
  return { origin: ssh ? `https://${url.hostname}` : url.origin, segments: segmentsOf(who, url.pathname) };
}

function segmentsOf(who: string, path: string): readonly string[] {
  const segments = path.split("/").filter((segment) => segment !== "");
  const decoded = segments.map((segment) => decode(who, segment));
  const last = (decoded.at(-1) ?? "").replace(/\.git$/i, "");
  if (decoded.length < 2 || last === "") throw refused(who, "it does not end in owner/name");
  return [...decoded.slice(0, -1), last];
}

function decode(who: string, segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw refused(who, "it has a broken percent sign");
  }
}

function refused(who: string, problem: string): PlatformError {
  return new PlatformError({
    kind: "invalid",
    who,
    operation: "read repository.url",
    problem,
    next: "write it like https://git.example.com/owner/name.git, with the credential in repository.token",
  });
}
