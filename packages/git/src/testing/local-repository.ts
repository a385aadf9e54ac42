import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Call } from "@kubeferry/model";
import { silentLog } from "@kubeferry/model";
import { onTestFinished } from "vitest";

/** A call that nobody aborts and that logs nothing. */
export function quietCall(): Call {
  return { signal: new AbortController().signal, log: silentLog };
}

/** An empty folder that goes when the test ends. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `kubeferry-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for one test, with a bare repository and ways to commit to it as somebody else. */
export interface LocalRepository {
  readonly folder: string;
  /** Path of the bare repository. */
  readonly bare: string;
  /** Runs git in the bare repository and gives its trimmed output. */
  git(...args: string[]): string;
  /** Commits files to a branch as a person would, the branch being made from `main` when it is new; a null removes. */
  commit(branch: string, files: Readonly<Record<string, string | null>>, message?: string): string;
  remove(): void;
}

/** Makes a bare repository whose branch `main` holds `files`; without files it stays empty. */
export function localRepository(files?: Readonly<Record<string, string>>, name = "fleet.git"): LocalRepository {
  const folder = mkdtempSync(join(tmpdir(), "kubeferry-test-"));
  const bare = join(folder, name);
  runGit(folder, "init", "--quiet", "--bare", "--initial-branch=main", bare);
  const repository: LocalRepository = {
    folder,
    bare,
    git: (...args) => runGit(bare, ...args),
    commit: (branch, changed, message = "by a person") => commitTo(folder, bare, branch, changed, message),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  if (files !== undefined) repository.commit("main", files, "first");
  return repository;
}

function commitTo(
  folder: string,
  bare: string,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  message: string,
): string {
  const work = mkdtempSync(join(folder, "person-"));
  runGit(folder, "clone", "--quiet", bare, work);
  const known = runGit(work, "branch", "--remotes", "--list", `origin/${branch}`) !== "";
  const start = known ? [`origin/${branch}`] : [];
  runGit(work, "checkout", "--quiet", "-B", branch, ...start);
  for (const [path, content] of Object.entries(files)) {
    const place = join(work, path);
    mkdirSync(dirname(place), { recursive: true });
    if (content === null) rmSync(place);
    else writeFileSync(place, content);
  }
  runGit(work, "add", "--all", "--force");
  runGit(work, "commit", "--quiet", "--allow-empty", "--message", message);
  runGit(work, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
  return runGit(work, "rev-parse", "HEAD");
}

/** Runs the real git as a person with a configuration of their own would. */
export function runGit(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "advice.detachedHead=false"];
  return execFileSync("git", [...identity, ...args], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

/** Adds so many commits to `main`, none of which changes a file. */
export function growMain(remote: LocalRepository, commits: number): void {
  const lines: string[] = [];
  for (let number = 1; number <= commits; number += 1) {
    lines.push("commit refs/heads/main", `committer Ada <ada@example.com> ${1_600_000_000 + number} +0000`);
    lines.push("data 1", "x", ...(number === 1 ? [`from ${remote.git("rev-parse", "main")}`] : []), "");
  }
  execFileSync("git", ["fast-import", "--quiet"], { cwd: remote.bare, input: lines.join("\n") });
}
