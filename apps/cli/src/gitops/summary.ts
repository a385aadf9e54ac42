import type { ConfigArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { codeOf } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { gitopsPlaces } from "../stages/gitops-stage.ts";
import { describeSummary } from "./summary-text.ts";

/** What `kubeferry gitops summary` is asked. */
export interface GitOpsSummaryArguments extends ConfigArguments {
  /** A name, or a glob; left out: everything that is adopted. */
  readonly namespace: string | undefined;
  readonly output: "text" | "json" | "markdown";
}

/** Lines of each list in Markdown, which often goes into a ticket. */
const MARKDOWN_LINES = 200;

/** Prints how alike the environments are. @returns 0, 1 when not everything could be read, 2 when it cannot be said */
export async function summarize(args: GitOpsSummaryArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession({ ...args, output: "text" }, "gitops");
    const { config, call } = session;
    const { summarizeGitOps, summaryMarkdown, unreadMarkdown } = await import("@kubeferry/layout");
    const only = args.namespace === undefined ? {} : { only: { namespaces: [args.namespace], clusterScoped: false } };
    const report = await summarizeGitOps({ config, ...(await gitopsPlaces(session)), ...only }, call);
    if (args.output === "json") printJson(report);
    else if (args.output === "text") print(describeSummary(report));
    else print(`${summaryMarkdown(report, { lines: MARKDOWN_LINES })}${unreadMarkdown(report)}`);
    return codeOf(report.status, session.stoppedBy());
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}
