import type { Call } from "@kubeferry/model";
import type { ForgeHttp } from "../../http/forge-http.ts";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { PlatformError } from "../../platform-error.ts";
import { whoAmI } from "./host.ts";
import { namedPull } from "./paths.ts";
import { changePull, readPull } from "./requests.ts";
import type { AzurePull } from "./schema.ts";

const STRATEGIES = { merge: "noFastForward", squash: "squash", rebase: "rebase" } as const;

/** Whoever is named completes nothing. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * Has Azure complete the request in the token's name once its policies are met. It cannot be held to a commit.
 * @throws PlatformError "invalid" when the host does not keep it
 */
export async function setAutoComplete(
  http: ForgeHttp,
  open: PullRequest,
  method: MergeMethod,
  call: Call,
): Promise<void> {
  const operation = `set ${namedPull(open)} to complete by itself`;
  if (isSet(await readPull(http, open, operation, call))) return;
  const { id } = await whoAmI(http, call);
  const strategy = method === "default" ? {} : { mergeStrategy: STRATEGIES[method] };
  const completionOptions = { deleteSourceBranch: true, ...strategy };
  const changed = await changePull(
    http,
    open,
    { body: { autoCompleteSetBy: { id }, completionOptions }, operation },
    call,
  );
  if (isSet(changed) || changed.status === "completed") return;
  throw new PlatformError({
    kind: "invalid",
    who: "azure-devops",
    operation,
    problem: "the host does not keep auto-complete for this request",
    next: "check that the token's user may complete it, or switch pullRequest.autoMerge off",
  });
}

/** Takes that back. @throws PlatformError "conflict" when the host keeps it nevertheless */
export async function cancelAutoComplete(http: ForgeHttp, open: PullRequest, call: Call): Promise<void> {
  const operation = `keep ${namedPull(open)} from completing by itself`;
  if (!isSet(await readPull(http, open, operation, call))) return;
  const changed = await changePull(http, open, { body: { autoCompleteSetBy: { id: NOBODY } }, operation }, call);
  if (!isSet(changed)) return;
  throw new PlatformError({
    kind: "conflict",
    who: "azure-devops",
    operation,
    problem: "it is still set to complete by itself",
    next: "take auto-complete back by hand, then run again",
  });
}

function isSet({ autoCompleteSetBy: by, status }: AzurePull): boolean {
  return status === "active" && by !== undefined && by !== null && by.id !== NOBODY;
}
