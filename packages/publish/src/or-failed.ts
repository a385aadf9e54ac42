import type { Call } from "@kubeferry/model";
import { NO_FILES, type Published } from "./published.ts";

/**
 * One step of several: when it fails that is what became of it, and the others go on.
 * @throws only the signal's reason
 */
export async function orFailed(
  step: () => Promise<Published>,
  { part, branch }: Pick<Published, "part" | "branch">,
  call: Call,
): Promise<Published> {
  try {
    return await step();
  } catch (error) {
    call.signal.throwIfAborted();
    call.log.warn("request not brought up to date", { operation: "git_push", branch, error });
    const nothing = { commit: "", pullRequest: undefined, files: NO_FILES, warnings: [] };
    return { ...nothing, part, branch, outcome: "failed", error };
  }
}
