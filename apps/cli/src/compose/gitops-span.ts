import type { Span } from "@kubeferry/model";
import type { Session } from "./session.ts";

/**
 * Begins the span of a run of stage 2. A run on behalf of somebody stays in that trace; else it goes on with the trace of
 * the one snapshot it is about. Of several snapshots none is more its reason than another: then the run stays in its own
 * trace, and names theirs.
 * @param snapshots the `traceparent`s of the newest snapshots
 */
export function beginGitOpsSpan(
  { call, traces, isContinued }: Pick<Session, "call" | "traces" | "isContinued">,
  snapshots: readonly string[],
): Span {
  const own = call.span?.traceparent;
  const [only, ...others] = snapshots;
  const follows = !isContinued && only !== undefined && others.length === 0;
  const parent = follows ? only : own;
  return traces.start("gitops", { parent, links: [own ?? "", ...snapshots].filter((each) => each !== parent) });
}
