// A repository for stage 2 to write to.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Makes a bare repository whose branch main has one commit, and no file. */
export async function startRepository(place: string): Promise<void> {
  await execute("git", ["init", "--quiet", "--bare", "--initial-branch=main", place]);
  const run = async (...args: readonly string[]) => (await execute("git", ["-C", place, ...args])).stdout.trim();
  const tree = await run("hash-object", "-w", "-t", "tree", "/dev/null");
  const identity = ["-c", "user.name=Bench", "-c", "user.email=bench@localhost"];
  await run("update-ref", "refs/heads/main", await run(...identity, "commit-tree", "-m", "Start", tree));
  // A server of a host can leave out content, as this one can when it may.
  await run("config", "uploadpack.allowFilter", "true");
}
