import { createHash } from "node:crypto";
import { listRemoteBranches } from "@kubeferry/git";
import { type InputOptions, openInputs } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import { openHost, workTreeOptions } from "@kubeferry/publish";
import { gitopsOf } from "@kubeferry/shared-config";
import type { World } from "./runs/standstill.ts";

/**
 * The world of stage 2: newest manifests and configuration, and the branches of the repository.
 * @param options as the next run will get them
 */
export function lookAround(options: () => Promise<InputOptions>): World {
  return {
    async snapshots(call) {
      const inputs = await options();
      const { sources } = await openInputs(inputs, call);
      return [digestOf(inputs.config), ...sources.map(({ snapshotKey }) => snapshotKey)].join("\n");
    },
    async branches(call) {
      const { config } = await options();
      const { mode } = gitopsOf(config);
      // A folder has no commit that would say that nobody touched it.
      return mode === "pull-request" || mode === "push" ? tipsOf(config, call) : undefined;
    },
  };
}

async function tipsOf(config: InputOptions["config"], call: Call): Promise<string> {
  const gitops = gitopsOf(config);
  // As for a dry run: the credential is looked up, and the host is asked nothing.
  const host = await openHost(gitops, "dry-run", call);
  try {
    const tips = await listRemoteBranches(workTreeOptions(gitops, host), call);
    return tips.map(({ name, commit }) => `${name} ${commit}`).join("\n");
  } finally {
    await host.close();
  }
}

/** Values of secrets are not in it: who logs in does not decide what is written. */
function digestOf(config: InputOptions["config"]): string {
  return createHash("sha256").update(JSON.stringify(config)).digest("hex");
}
