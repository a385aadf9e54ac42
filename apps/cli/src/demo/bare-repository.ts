import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
const IDENTITY = {
  GIT_AUTHOR_NAME: "kubeferry demo",
  GIT_AUTHOR_EMAIL: "demo@kubeferry.invalid",
  GIT_COMMITTER_NAME: "kubeferry demo",
  GIT_COMMITTER_EMAIL: "demo@kubeferry.invalid",
};

/** A local bare repository that stands for the team's GitOps repository. */
export interface BareRepository {
  readonly folder: string;
  /** Paths of a branch below a folder, in Git's order. */
  files(branch: string, below: string): Promise<string[]>;
  /** One file of a branch. */
  show(branch: string, path: string): Promise<string>;
}

/** Opens the repository, and makes it with one empty commit on main when it is not there yet. */
export async function bareRepository(folder: string): Promise<BareRepository> {
  if (!existsSync(folder)) await create(folder);
  return {
    folder,
    files: async (branch, below) => {
      const text = await git(folder, ["ls-tree", "-r", "--name-only", branch, "--", below]);
      return text.split("\n").filter((line) => line !== "");
    },
    show: (branch, path) => git(folder, ["show", `${branch}:${path}`]),
  };
}

async function create(folder: string): Promise<void> {
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", folder]);
  const tree = await git(folder, ["hash-object", "-t", "tree", "-w", "/dev/null"]);
  const commit = await git(folder, ["commit-tree", tree.trim(), "-m", "Start of the fleet repository"]);
  await git(folder, ["update-ref", "refs/heads/main", commit.trim()]);
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", ["--git-dir", folder, ...args], { env: { ...process.env, ...IDENTITY } });
  return stdout;
}
