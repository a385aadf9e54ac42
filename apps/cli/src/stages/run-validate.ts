import type { CommonArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { codeOf } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { describeValidation } from "../present/validation.ts";
import { gitopsPlaces } from "./gitops-stage.ts";

/** Checks the newest snapshots, prints what was found, and says what the process is to end with: 1 for errors. */
export async function runValidate(args: CommonArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "gitops");
    const { validateGitOps } = await import("@kubeferry/gitops");
    const { config, call } = session;
    const report = await validateGitOps({ config, ...(await gitopsPlaces(session)) }, call);
    if (args.output === "json") printJson(report);
    else print(describeValidation(report));
    return codeOf(report.status, session.stoppedBy());
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}
