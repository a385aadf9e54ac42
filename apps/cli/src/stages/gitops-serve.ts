import { randomUUID } from "node:crypto";
import type { ReceiverOptions, RunOutcome, RunRequest, ServeSettings } from "@kubeferry/gitops";
import { callWith, KubeferryError, type Span } from "@kubeferry/model";
import { type Config, gitopsOf, type LoadedConfig } from "@kubeferry/shared-config";
import type { ConfigArguments } from "../commands/options.ts";
import { type FollowedConfiguration, followConfiguration } from "../compose/follow-configuration.ts";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import type { GitOpsRecorder } from "../metrics/gitops-recorder.ts";
import { createMetrics } from "../metrics/open-metrics.ts";
import { logProblem, reportProblem } from "../present/problem.ts";
import { gitopsAsked } from "./gitops-asked.ts";
import { gitopsPlaces, gitopsStage } from "./gitops-stage.ts";

/** What is opened once: another address or another log needs another process. */
const UNTIL_RESTART = [
  "gitops.serve.host",
  "gitops.serve.port",
  "gitops.serve.tls",
  "metrics",
  "log",
  "tracing",
  "shutdownTimeout",
];

/**
 * Takes backup-complete calls and runs stage 2 until it is told to stop. What changes in the configuration meanwhile
 * counts from the next call and the next run on.
 * @returns 0; 143 or 130 when a run was cut off; 2 when it could not begin, or a run neither ended nor can be ended
 */
export async function serveGitOps(args: ConfigArguments): Promise<number> {
  let session: Session | undefined;
  let followed: FollowedConfiguration<Served> | undefined;
  try {
    session = await openSession({ ...args, output: "text" }, "gitops");
    for (const setting of session.warnings)
      session.call.log.warn("look at the configuration", { operation: "config", setting });
    for (const notice of session.notices) session.call.log.info("old key not used", { operation: "config", notice });
    const { createReceiver, serveSettings } = await import("@kubeferry/gitops");
    const use = ({ config, clusters }: LoadedConfig): Served => ({ config, clusters, serving: serveSettings(config) });
    const following = { load: () => loadConfiguration(args), use, untilRestart: UNTIL_RESTART };
    followed = followConfiguration(session.loaded, following, session.call);
    const receiver = await createReceiver(await receiverOptions(session, followed.current), session.call);
    const { cutOff } = await receiver.run();
    return cutOff ? reportProblem(undefined, session.stoppedBy() ?? "SIGTERM") : ExitCode.done;
  } catch (error) {
    const code = reportProblem(error, session?.stoppedBy());
    if (error instanceof KubeferryError && error.kind === "stuck") endSoon(code);
    return code;
  } finally {
    await followed?.close();
    await session?.close();
  }
}

/** Longer than the last spans may take. */
const LAST_WORDS_MS = 6_000;

/** What hangs would keep the process from ending by itself. */
function endSoon(code: number): void {
  setTimeout(() => process.exit(code), LAST_WORDS_MS).unref();
}

/** A configuration as the receiver uses it. */
interface Served extends Pick<Session, "config" | "clusters"> {
  readonly serving: ServeSettings;
}

async function receiverOptions(session: Session, current: () => Served): Promise<ReceiverOptions> {
  const { lookAround, systemClock } = await import("@kubeferry/gitops");
  const { config } = session;
  const metrics = await createMetrics();
  const recorder = metrics.gitops(config, session.call, { pushes: false });
  return {
    ...places(config),
    ...(config.metrics.enabled ? { metrics: { path: config.metrics.path, render: metrics.render } } : {}),
    current: () => current().serving,
    run: (request) => runOnce({ ...session, ...current() }, request, recorder),
    world: lookAround(async () => ({ config: current().config, ...(await gitopsPlaces(current())) })),
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

/**
 * A run of its own within the session: its lines carry its id, and it goes on with the trace of whoever called first. One
 * that nobody called for begins a trace.
 */
async function runOnce(session: Session, request: RunRequest, recorder: GitOpsRecorder): Promise<RunOutcome> {
  const { id, trigger, traceparent, links } = request;
  const startedMs = performance.now();
  const attributes = { run_id: id, trigger };
  const span = session.traces.start("kubeferry gitops serve run", { parent: traceparent, links, attributes });
  const { deadline = request.signal } = session.call;
  // Its time is over earlier for whoever is told to stop a second time.
  const signal = AbortSignal.any([request.signal, deadline]);
  const call = callWith({ ...session.call, signal, span }, { run_id: id, trace_id: span.traceId });
  const own = { ...session, call, runId: id, isContinued: traceparent !== undefined };
  const trace = { id: span.traceId };
  try {
    const asked = gitopsAsked({ allowRemovals: false, output: "text" }, session);
    const onSpan = ({ traceId }: Span): void => {
      trace.id = traceId;
    };
    const { config } = session;
    const time = { limitMs: gitopsOf(config).serve.runTimeout, graceMs: config.shutdownTimeout };
    const report = await gitopsStage(own, asked, { recorder, onSpan, time });
    span.end();
    return { report, traceId: trace.id };
  } catch (error) {
    const end = { error, stoppedBy: session.stoppedBy(), durationMs: performance.now() - startedMs };
    logProblem({ ...end, operation: "gitops_complete" }, callWith(call, { trace_id: trace.id }));
    span.end(error);
    throw error;
  }
}
