import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Call, compareUtf8 } from "@kubeferry/model";
import { failureOf } from "./git-failure.ts";
import { isBranchName } from "./names.ts";
import type { Git } from "./run-git.ts";

/** A commit on a branch that is not in the base branch. */
export interface BranchCommit {
  readonly id: string;
  /** Whole message, trailers included. */
  readonly message: string;
  readonly authorEmail: string;
  /** Who made the commit as it is now: whoever amends or rebases one keeps its author and its message, not this. */
  readonly committerEmail: string;
  /** When it was written, and when it was made as it is now; Unix seconds. The same for one that nobody amended or rebased. */
  readonly authoredAt: number;
  readonly committedAt: number;
  /** The message's trailers; the last one of a name counts. */
  readonly trailers: Readonly<Record<string, string>>;
}

/** What a branch holds beyond the base branch. */
export interface RemoteBranch {
  /** The branch's newest commit. */
  readonly commit: string;
  /** Commits that the base does not have, newest first; 1,000 at most. Empty when the branch has nothing of its own. */
  readonly commits: readonly BranchCommit[];
  /** Where the branch left the base: what a merge compares both with. One commit, unless the two were merged crosswise. */
  readonly leftBaseAt: readonly string[];
}

/** How many commits are fetched at first; deepened only when two histories do not meet within it. */
export const FIRST_DEPTH = 50;
const DEEPEN_BY = [200, 1_000, 5_000];
const MAX_COMMITS = 1_000;

/** The commit that a branch of the remote has now; undefined when there is no such branch. */
export async function remoteTip(git: Git, branch: string, call: Call): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  const operation = `look up branch ${branch}`;
  const listing = await git.text({ operation, args: ["ls-remote", "origin", ref], remote: true }, call);
  return parseListing(listing).get(ref);
}

/** A branch of the remote and its newest commit. */
export interface BranchTip {
  readonly name: string;
  readonly commit: string;
}

/**
 * The remote's branches whose names begin with `prefix` ("" for all), in the order of the names' bytes. One whose name no
 * other operation takes is left out: whoever may push could end every run with it.
 */
export async function listBranches(git: Git, prefix: string, call: Call): Promise<readonly BranchTip[]> {
  const args = ["ls-remote", "--heads", "origin"];
  const listing = await git.text({ operation: "list branches", args, remote: true }, call);
  const tips: BranchTip[] = [];
  for (const [ref, commit] of parseListing(listing)) {
    const name = ref.slice("refs/heads/".length);
    if (name.startsWith(prefix) && isBranchName(name)) tips.push({ name, commit });
  }
  return tips.sort((left, right) => compareUtf8(left.name, right.name));
}

function parseListing(listing: string): Map<string, string> {
  const refs = new Map<string, string>();
  for (const line of listing.split("\n")) {
    const [commit, ref] = line.split("\t");
    if (commit !== undefined && ref !== undefined) refs.set(ref, commit);
  }
  return refs;
}

/**
 * Fetches a branch without tags and gives the commit that arrived, which may be newer than what was listed before.
 * @param options how much of it: "--depth=50", "--filter=blob:none"
 */
export async function fetchBranch(git: Git, branch: string, options: readonly string[], call: Call): Promise<string> {
  const operation = `fetch branch ${branch}`;
  const args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", ...options, "origin", refspec(branch)];
  await git.text({ operation, args, remote: true }, call);
  return (await git.text({ operation, args: ["rev-parse", "--verify", trackingRef(branch)] }, call)).trim();
}

/**
 * The same for many branches in one request.
 * @returns the commit that arrived, by branch
 */
export async function fetchBranches(
  git: Git,
  branches: readonly string[],
  options: readonly string[],
  call: Call,
): Promise<ReadonlyMap<string, string>> {
  const args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", ...options, "--stdin", "origin"];
  const input = branches.map((branch) => `${refspec(branch)}\n`).join("");
  await git.text({ operation: "fetch branches", args, input, remote: true }, call);
  const show = ["for-each-ref", "--format=%(objectname)%09%(refname)", "refs/remotes/origin/"];
  const arrived = parseListing(await git.text({ operation: "fetch branches", args: show }, call));
  return new Map(branches.map((branch) => [branch, arrived.get(trackingRef(branch)) ?? ""]));
}

/**
 * Reads which commits `commit` has beyond `baseCommit`, deepening a shallow clone until both histories meet.
 * @param branches the two branches as the remote knows them, needed for deepening
 */
export async function commitsBeyond(
  git: Git,
  folder: string,
  range: Range & { readonly branches: readonly string[] },
  call: Call,
): Promise<Omit<RemoteBranch, "commit">> {
  for (const depth of DEEPEN_BY.map((by) => `--deepen=${by}`).concat("--unshallow")) {
    const leftBaseAt = await meetingPoints(git, range, call);
    const commits = await readCommits(git, range.commit, leftBaseAt, call);
    const edge = await shallowEdge(folder);
    // A commit at the edge of what was fetched has parents that are not here: the base may well have them.
    const complete = leftBaseAt.length > 0 && !commits.some(({ id }) => edge.has(id));
    if (complete || edge.size === 0) return { commits, leftBaseAt };
    call.log.debug("git history deepened", { operation: "git_read", depth, commits: commits.length });
    await deepen(git, range.branches, depth, call);
  }
  const leftBaseAt = await meetingPoints(git, range, call);
  return { commits: await readCommits(git, range.commit, leftBaseAt, call), leftBaseAt };
}

/** A branch's newest commit, and the base's. */
interface Range {
  readonly baseCommit: string;
  readonly commit: string;
}

// Where the branch left the base. `log branch ^base` alone would do, were it not misled by clocks that ran wrong.
async function meetingPoints(git: Git, { baseCommit, commit }: Range, call: Call): Promise<readonly string[]> {
  const operation = "find where the branch left the base";
  const answer = await git.attempt({ operation, args: ["merge-base", "--all", baseCommit, commit] }, call);
  if (answer.exitCode === 0) return answer.stdout.trim().split("\n");
  if (answer.exitCode === 1 && answer.stderr === "") return []; // git's answer for histories that do not meet
  throw failureOf(operation, answer);
}

async function deepen(git: Git, branches: readonly string[], depth: string, call: Call): Promise<void> {
  const args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", depth, "origin"];
  const fetch = { operation: "fetch older commits", args: [...args, ...branches.map(headRef)], remote: true } as const;
  await git.text(fetch, call);
}

/** Commits of a clone whose parents were not fetched. */
export async function shallowEdge(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set((await readFile(join(folder, ".git", "shallow"), "utf8")).split("\n").filter(Boolean));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Set();
    throw error;
  }
}

// Seven fields a commit, each ended by NUL, which no message can hold; 1E and 1F separate the trailers inside theirs.
const FORMAT =
  "%H%x00%ae%x00%ce%x00%at%x00%ct%x00%B%x00%(trailers:only=true,unfold=true,separator=%x1e,key_value_separator=%x1f)%x00";

async function readCommits(
  git: Git,
  commit: string,
  without: readonly string[],
  call: Call,
): Promise<readonly BranchCommit[]> {
  const limits = [`--max-count=${MAX_COMMITS}`, `--format=${FORMAT}`];
  const args = ["log", "--no-show-signature", ...limits, commit, ...without.map((id) => `^${id}`), "--"];
  const text = await git.text({ operation: "read the branch's commits", args }, call);
  const fields = text.split("\0");
  const commits: BranchCommit[] = [];
  for (let at = 0; at + 7 < fields.length; at += 7) {
    commits.push(toCommit(fields.slice(at, at + 7)));
  }
  return commits;
}

function toCommit(fields: readonly string[]): BranchCommit {
  const [id = "", authorEmail = "", committerEmail = "", authored, committed, message = "", trailers = ""] = fields;
  return {
    id: id.trim(),
    authorEmail,
    committerEmail,
    authoredAt: Number(authored),
    committedAt: Number(committed),
    message: message.trimEnd(),
    trailers: parseTrailers(trailers),
  };
}

function parseTrailers(text: string): Readonly<Record<string, string>> {
  const pairs = text.split("\x1e").filter((line) => line.includes("\x1f"));
  return Object.fromEntries(
    pairs.map((line): [string, string] => {
      const at = line.indexOf("\x1f");
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

function headRef(branch: string): string {
  return `refs/heads/${branch}`;
}

function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}

function refspec(branch: string): string {
  return `+${headRef(branch)}:${trackingRef(branch)}`;
}
