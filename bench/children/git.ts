// The limit `git`: `git add -A && git commit` in a folder, with the processor time of git itself.
import { execFileSync } from "node:child_process";
import { argument } from "../frame/child.ts";
import { cpuOfEndedChildrenMs } from "../frame/ended-children.ts";

const { folder } = argument<{ folder: string }>();
const who = { GIT_AUTHOR_NAME: "bench", GIT_AUTHOR_EMAIL: "bench@localhost" };
const env = {
  ...process.env,
  ...who,
  GIT_COMMITTER_NAME: who.GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: who.GIT_AUTHOR_EMAIL,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  // Git would tidy up behind the commit, by itself and for seconds: beside whatever is measured next.
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "gc.auto",
  GIT_CONFIG_VALUE_0: "0",
};

const startedAt = performance.now();
git("add", "-A");
git("commit", "--quiet", "-m", "what was laid out");
const wallMs = performance.now() - startedAt;
const cpuMs = cpuOfEndedChildrenMs();
const files = git("ls-files").split("\n").length - 1;
process.stdout.write(JSON.stringify({ wallMs, cpuMs, counts: { files } }));

function git(...args: readonly string[]): string {
  return execFileSync("git", ["-C", folder, ...args], { env, encoding: "utf8", maxBuffer: 64 * 2 ** 20 });
}
