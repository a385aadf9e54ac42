import type { Delivery } from "@kubeferry/notify";
import { redactText } from "@kubeferry/telemetry";
import type { CommonArguments } from "../commands/options.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { print, printJson } from "../present/print.ts";
import { problemText, reportProblem } from "../present/problem.ts";
import { NotifyTestError } from "./notify-test-error.ts";

/** What `kubeferry notify test` is asked. */
export interface TestArguments extends CommonArguments {
  /** Names; empty: all. */
  readonly channel: readonly string[];
}

/** Sends a message through the configured channels, and says what came of each. @returns 0, 1 when one failed, 2 without any */
export async function testChannels(args: TestArguments): Promise<number> {
  let session: Session | undefined;
  try {
    session = await openSession(args, "notify");
    const { config, call, runId } = session;
    const channels = chosen(Object.keys(config.notifications.channels), args.channel);
    const { createNotifier } = await import("@kubeferry/notify");
    const { notifications: settings, network } = config;
    const deliveries = await createNotifier({ settings, network, redact: redactText }).test(channels, runId, call);
    if (args.output === "json") printJson({ enabled: settings.enabled, channels: deliveries.map(outcomeOf) });
    else print([...deliveries.map(lineOf), ...(settings.enabled ? [] : [OFF])].join("\n"));
    return deliveries.every(({ error }) => error === undefined) ? ExitCode.done : ExitCode.doneWithFailures;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

const OFF = "notifications.enabled is not true: runs tell nobody";

function chosen(configured: readonly string[], wanted: readonly string[]): readonly string[] {
  const unknown = wanted.find((name) => !configured.includes(name));
  if (configured.length > 0 && unknown === undefined) return wanted.length === 0 ? configured : wanted;
  throw new NotifyTestError({
    kind: "unknown-channel",
    who: "kubeferry",
    operation: unknown === undefined ? "notify test" : `--channel ${unknown}`,
    problem: configured.length === 0 ? "no channel is configured" : "no configured channel is called so",
    next: configured.length === 0 ? "write one below notifications.channels" : `there are ${configured.join(", ")}`,
  });
}

function outcomeOf({ channel, error }: Delivery): object {
  return { channel, sent: error === undefined, ...(error === undefined ? {} : { error: problemText(error) }) };
}

function lineOf({ channel, error }: Delivery): string {
  return error === undefined ? `${channel}: sent` : `${channel}: failed: ${problemText(error)}`;
}
