import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { GitError } from "./git-error.ts";

/** The transports that git may use; everything else (`ext::`, `git://`, `ftp://`) is refused. */
export type GitTransport = "https" | "http" | "ssh" | "file";

/** An address that git can be given: it holds no credential. */
export interface RemoteUrl {
  readonly url: string;
  readonly transport: GitTransport;
  /** True where what is sent can be read on the way: plain HTTP to another machine. */
  readonly clearText: boolean;
}

const SCP_FORM = /^(?:[\w.-]+@)?[\w.-]+:(?!\/\/)[^\s]+$/;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Reads the address of a repository: `https://`, `http://`, `ssh://`, `git@host:owner/name.git`, `file://` or the path
 * of a local repository, which becomes a `file://` address, because git ignores the depth of a clone by path.
 * @throws GitError "invalid" for another form, and for a credential in the address, which is not repeated
 */
export function parseRemoteUrl(text: string): RemoteUrl {
  const given = text.trim();
  if (given === "" || given.startsWith("-") || hasControlCharacters(given)) throw refused("it is not an address");
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return parseFull(given);
  if (isAbsolute(given) || given.startsWith(".")) return localUrl(given);
  if (given.includes("::")) throw refused("remote helpers are not allowed");
  if (SCP_FORM.test(given)) return { url: given, transport: "ssh", clearText: false };
  return localUrl(given);
}

function parseFull(given: string): RemoteUrl {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined) throw refused("it is not a valid URL");
  const transport = transportOf(url.protocol);
  if (url.password !== "" || (transport !== "ssh" && url.username !== "")) throw credentialInUrl();
  if (transport === "file") return { url: given, transport, clearText: false };
  if (url.search !== "" || url.hash !== "") throw refused("it has a query or a fragment, where no repository has one");
  return { url: given, transport, clearText: transport === "http" && !LOOPBACK.test(url.hostname) };
}

function transportOf(protocol: string): GitTransport {
  switch (protocol) {
    case "https:":
    case "http:":
    case "ssh:":
    case "file:":
      return protocol.slice(0, -1) as GitTransport;
    default:
      throw refused(`"${protocol}//" is not supported`);
  }
}

function localUrl(path: string): RemoteUrl {
  return { url: pathToFileURL(resolve(path)).href, transport: "file", clearText: false };
}

function hasControlCharacters(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function refused(problem: string): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "read repository.url",
    problem,
    next: "write https://host/owner/name.git, ssh://git@host/owner/name.git, git@host:owner/name.git or a local path",
  });
}

function credentialInUrl(): GitError {
  return new GitError({
    kind: "invalid",
    who: "git",
    operation: "read repository.url",
    problem: "the address holds a user name or password, which would show up in process lists and in .git/config",
    next: "take it out and set repository.token (and repository.username where the host needs one)",
  });
}
