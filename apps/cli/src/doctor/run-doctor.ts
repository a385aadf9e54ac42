import type { ClusterArguments } from "../commands/options.ts";
import { clusterLabel, pickClusters } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { describeFindings } from "../present/findings.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import type { Finding } from "./check.ts";
import { checkAnnounce } from "./check-announce.ts";
import { checkCluster } from "./check-cluster.ts";
import { checkRepository } from "./check-repository.ts";
import { checkStore } from "./check-store.ts";

/** Looks at everything a run needs. @returns 0 when all is well, 1 when something is not */
export async function runDoctor(args: ClusterArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "doctor");
    const { config, clusters, call } = session;
    const picked = pickClusters(clusters, args.cluster);
    const findings: Finding[] = [];
    for (const each of picked) {
      const own = [...(await checkCluster(each, call)), ...(await checkStore(each, call))];
      const prefix = picked.length > 1 ? `${clusterLabel(each)}: ` : "";
      findings.push(...own.map((finding) => ({ ...finding, check: `${prefix}${finding.check}` })));
    }
    findings.push(...(await checkAnnounce(config, call)), ...(await checkRepository(config, call)));
    if (args.output === "json") printJson({ findings });
    else print(describeFindings(findings));
    return findings.every(({ ok }) => ok) ? ExitCode.done : ExitCode.doneWithFailures;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}
