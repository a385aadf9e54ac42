import type { CommonArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { gitopsPlaces } from "../stages/gitops-stage.ts";
import { describeExplanation } from "./explanation-text.ts";
import { withOrigins } from "./override-origin.ts";

/** What `kubeferry gitops explain` is asked. */
export interface GitOpsExplainArguments extends CommonArguments {
  readonly namespace: string;
  readonly environment: string | undefined;
}

/** Prints what stage 2 would make of a namespace; nothing is written. @returns 0, or 2 when it cannot be said */
export async function explainNamespace(args: GitOpsExplainArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "gitops");
    const { config, settings, call } = session;
    const { explainGitOps } = await import("@kubeferry/layout");
    const { namespace, environment } = args;
    const facts = await explainGitOps({ config, ...(await gitopsPlaces(session)), namespace, environment }, call);
    const explanation = withOrigins(facts, settings);
    if (args.output === "json") printJson(explanation);
    else print(describeExplanation(explanation));
    return ExitCode.done;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}
