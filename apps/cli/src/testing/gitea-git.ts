import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GiteaServer } from "@kubeferry/testbed";

const run = promisify(execFile);

/** Runs git as Gitea's user. The token travels by environment: other tests read the argument lists of all processes. */
export async function gitAs(gitea: GiteaServer, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: token ${gitea.token}`,
  };
  const { stdout } = await run("git", args, { env });
  return stdout;
}
