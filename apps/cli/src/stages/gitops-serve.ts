import { randomUUID } from "node:crypto";
import type { ReceiverOptions, RunOutcome, RunRequest } from "@kubeferry/gitops";
import { callWith } from "@kubeferry/model";
import { type Config, gitopsOf } from "@kubeferry/shared-config";
import { renderMetrics } from "@kubeferry/telemetry";
import type { ConfigArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { reportProblem } from "../present/problem.ts";
import { gitopsAsked } from "./gitops-asked.ts";
import { gitopsPlaces, gitopsStage } from "./gitops-stage.ts";

/**
 * Takes backup-complete calls and runs stage 2 until it is told to stop.
 * @returns 0; 143 or 130 when a run was cut off; 2 when it could not begin
 */
export async function serveGitOps(args: ConfigArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession({ ...args, output: "text" }, "gitops");
    for (const setting of session.warnings)
      session.call.log.warn("look at the configuration", { operation: "config", setting });
    for (const notice of session.notices) session.call.log.info("old key not used", { operation: "config", notice });
    const { createReceiver } = await import("@kubeferry/gitops");
    const receiver = await createReceiver(await receiverOptions(session), session.call);
    const { cutOff } = await receiver.run();
    return cutOff ? reportProblem(undefined, session.stoppedBy() ?? "SIGTERM") : ExitCode.done;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

async function receiverOptions(session: Session): Promise<ReceiverOptions> {
  const { lookAround, serveSettings, systemClock } = await import("@kubeferry/gitops");
  const { config } = session;
  const settings = serveSettings(config);
  return {
    ...places(config),
    ...(config.metrics.enabled ? { metrics: { path: config.metrics.path, render: () => renderMetrics([]) } } : {}),
    current: () => settings,
    run: (request) => runOnce(session, request),
    world: lookAround(async () => ({ config, ...(await gitopsPlaces(session)) })),
    shutdownTimeoutMs: config.shutdownTimeout,
    clock: systemClock,
    newId: randomUUID,
  };
}

/** In a Pod calls, probes and Prometheus come from outside; elsewhere nobody needs to. */
function places(config: Config): Pick<ReceiverOptions, "webhook" | "inner"> {
  const anywhere = process.env.KUBERNETES_SERVICE_HOST === undefined ? "127.0.0.1" : "::";
  const { tls, host = anywhere, port = tls === undefined ? 8081 : 8443 } = gitopsOf(config).serve;
  const inner = { host: config.metrics.host ?? anywhere, port: config.metrics.port, configuredBy: "metrics" };
  return { webhook: { host, port, configuredBy: "gitops.serve", ...(tls === undefined ? {} : { tls }) }, inner };
}

/** A run of its own within the session: its lines carry its id. */
async function runOnce(session: Session, { id, signal }: RunRequest): Promise<RunOutcome> {
  const { deadline = signal } = session.call;
  // Its time is over earlier for whoever is told to stop a second time.
  const call = callWith({ ...session.call, signal: AbortSignal.any([signal, deadline]) }, { run_id: id });
  const own = { ...session, call, runId: id };
  const asked = gitopsAsked({ allowRemovals: false, output: "text" }, session);
  return { report: await gitopsStage(own, asked) };
}
