import type { CommonArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { describeFindings } from "../present/findings.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { checkCluster } from "./check-cluster.ts";
import { checkRepository } from "./check-repository.ts";
import { checkStore } from "./check-store.ts";

/** Looks at everything a run needs. @returns 0 when all is well, 1 when something is not */
export async function runDoctor(args: CommonArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "doctor");
    const { config, call } = session;
    const findings = [
      ...(await checkCluster(config, call)),
      ...(await checkStore(config, call)),
      ...(await checkRepository(config, call)),
    ];
    if (args.output === "json") printJson({ findings });
    else print(describeFindings(findings));
    return findings.every(({ ok }) => ok) ? ExitCode.done : ExitCode.doneWithFailures;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}
