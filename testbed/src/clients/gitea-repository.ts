import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

const BY = "ferry <ferry@example.com>";

/**
 * Writes a bare repository with a README on `main`, and branches that are one commit ahead of it, each with a file of its
 * own. Two starts of `git`; through Gitea's API each commit costs four more of Gitea itself, which run the hooks.
 * @param folder not there yet: ".../ferry/shop.git"
 */
export async function writeRepository(folder: string, title: string, branches: readonly string[]): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await git(["init", "--quiet", "--bare", "--initial-branch=main", folder], "");
  const ahead = branches.map((branch) => commit(branch, { from: "main", file: fileOf(branch), text: `${branch}\n` }));
  const first = commit("main", { file: "README.md", text: `# ${title}\n` });
  await git(["-C", folder, "fast-import", "--quiet"], [first, ...ahead].join(""));
}

function fileOf(branch: string): string {
  return `${branch.replaceAll("/", "-")}.txt`;
}

interface Content {
  readonly from?: string;
  readonly file: string;
  readonly text: string;
}

/** A commit as `git fast-import` reads it. */
function commit(branch: string, { from, file, text }: Content): string {
  const start = from === undefined ? "" : `from refs/heads/${from}\n`;
  const when = `${Math.floor(Date.now() / 1000)} +0000`;
  const head = `commit refs/heads/${branch}\ncommitter ${BY} ${when}\n${data(`Add ${file}`)}${start}`;
  return `${head}M 100644 inline ${file}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

async function git(args: readonly string[], input: string): Promise<void> {
  const env = { PATH: process.env.PATH ?? "", GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null" };
  const child = spawn("git", args, { env, stdio: ["pipe", "ignore", "inherit"] });
  child.stdin.on("error", () => undefined); // its end tells why
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`git ${args.join(" ")} ended with ${code ?? "a signal"}`);
}
