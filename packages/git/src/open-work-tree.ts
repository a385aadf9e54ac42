import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Call } from "@kubeferry/model";
import { FIRST_DEPTH, fetchBranch, remoteBranches, remoteTip } from "./branch-history.ts";
import { type CommitAuthor, createClone } from "./clone.ts";
import { type GitCredentials, gitEnvironment } from "./git-environment.ts";
import { GitError } from "./git-error.ts";
import { missingGit } from "./git-failure.ts";
import { checkBranch } from "./names.ts";
import { parseRemoteUrl, type RemoteUrl } from "./remote-url.ts";
import { createGit, type Git } from "./run-git.ts";
import { listSubmodules } from "./tree-changes.ts";
import type { WorkTree } from "./work-tree.ts";

/** Which repository, and as whom. */
export interface WorkTreeOptions {
  /** `https://`, `http://`, `ssh://`, `git@host:owner/name.git`, `file://` or a local path; without credentials. */
  readonly url: string;
  /** The branch that everything is built on; it must exist. */
  readonly base: string;
  /** For HTTP and HTTPS. SSH uses the user's own keys and agent. */
  readonly credentials?: GitCredentials;
  /** Left out: kubeferry <kubeferry@localhost>. */
  readonly author?: CommitAuthor;
  /** PEM file of certificate authorities, used instead of the system's. */
  readonly caFile?: string;
  /** Where the clone's folder is made; the system's folder for temporary files when left out. */
  readonly parentFolder?: string;
  /** The longest one git command may take; 10 minutes when left out. */
  readonly timeoutMs?: number;
  /** The clock for commit dates. */
  readonly now?: () => Date;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const DEFAULT_AUTHOR: CommitAuthor = { name: "kubeferry", email: "kubeferry@localhost" };

/**
 * Clones the base branch (shallow, no other branch, no tags) into a folder of its own, which `close` removes; a failed
 * opening leaves nothing behind.
 * @throws GitError "missing-git" without git 2.32 or newer; "invalid" for the address; "not-found" for a repository or
 *   base branch that is not there; "denied"; "unavailable"
 */
export async function openWorkTree(options: WorkTreeOptions, call: Call): Promise<WorkTree> {
  const remote = parseRemoteUrl(options.url);
  const base = checkBranch(options.base);
  if (remote.clearText && options.credentials !== undefined) {
    call.log.warn("token is sent unencrypted", { operation: "git_read", key: "repository.url", url: remote.url });
  }
  const place = await mkdtemp(join(resolve(options.parentFolder ?? tmpdir()), "kubeferry-git-"));
  try {
    return await openIn(place, { ...options, base }, remote, call);
  } catch (error) {
    await removePlace(place);
    throw error;
  }
}

async function openIn(place: string, options: WorkTreeOptions, remote: RemoteUrl, call: Call): Promise<WorkTree> {
  const home = join(place, "home");
  const folder = join(place, "tree");
  await mkdir(home);
  await mkdir(folder, { mode: 0o700 });
  const settings = {
    transport: remote.transport,
    credentials: options.credentials,
    caFile: options.caFile === undefined ? undefined : resolve(options.caFile),
    home,
  };
  const environment = gitEnvironment(settings, process.env);
  const git = createGit({
    folder,
    environment,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    redact: redactorOf(options.credentials),
  });
  await checkVersion(git, call);
  await initialise(git, folder, remote, call);
  const baseCommit = await checkOutBase(git, options.base, call);
  call.log.debug("git work tree opened", {
    operation: "git_read",
    url: remote.url,
    base: options.base,
    commit: baseCommit,
  });
  return createClone({
    git,
    folder,
    base: options.base,
    baseCommit,
    submodules: await listSubmodules(git, baseCommit, call),
    author: options.author ?? DEFAULT_AUTHOR,
    now: options.now ?? (() => new Date()),
    remove: () => removePlace(place),
  });
}

function redactorOf(credentials: GitCredentials | undefined): (text: string) => string {
  const token = credentials?.token.reveal() ?? "";
  return (text) => (token === "" ? text : text.replaceAll(token, "***"));
}

// GIT_CONFIG_COUNT came with 2.31, GIT_CONFIG_GLOBAL with 2.32: an older git would ignore them silently.
async function checkVersion(git: Git, call: Call): Promise<void> {
  const operation = "look for git";
  const version = /\d+\.\d+[\w.]*/.exec(await git.text({ operation, args: ["version"] }, call))?.[0] ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 2 || (major === 2 && minor < 32)) throw missingGit(operation, version);
}

async function initialise(git: Git, folder: string, remote: RemoteUrl, call: Call): Promise<void> {
  const operation = "prepare clone";
  await git.text({ operation, args: ["init", "--quiet"] }, call);
  await git.text({ operation, args: ["remote", "add", "origin", remote.url] }, call);
  // Attributes of the repository (line endings, keywords, filters) must not change a byte between our files and git.
  const attributes = "* -text -eol -ident -filter -working-tree-encoding\n";
  await mkdir(join(folder, ".git", "info"), { recursive: true });
  await writeFile(join(folder, ".git", "info", "attributes"), attributes);
}

async function checkOutBase(git: Git, base: string, call: Call): Promise<string> {
  if ((await remoteTip(git, base, call)) === undefined) throw await missingBase(git, base, call);
  const commit = await fetchBranch(git, base, `--depth=${FIRST_DEPTH}`, call);
  await git.text({ operation: `check out ${base}`, args: ["checkout", "--quiet", "--detach", commit] }, call);
  return commit;
}

async function missingBase(git: Git, base: string, call: Call): Promise<GitError> {
  const branches = await remoteBranches(git, call);
  const empty = branches.length === 0;
  const named = branches.slice(0, 10).map((branch) => `"${branch}"`);
  return new GitError({
    kind: "not-found",
    who: "git",
    operation: `check out ${base}`,
    problem: empty ? `the repository is empty: it has no branch "${base}"` : `the repository has no branch "${base}"`,
    next: empty
      ? `push a first commit to "${base}" (a README is enough); a pull request needs something to be compared with`
      : `set repository.base to one that it has: ${named.join(", ")}${branches.length > 10 ? ", …" : ""}`,
  });
}

async function removePlace(place: string): Promise<void> {
  await rm(place, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
