import { randomUUID } from "node:crypto";
import type { Call } from "@kubeferry/model";
import type { NetworkConfig, NotificationsConfig } from "@kubeferry/shared-config";
import { type Decision, decide, type ToldEvent, withoutTelling } from "./decide.ts";
import { deliver } from "./deliver.ts";
import type { NewsMemory } from "./memory/memory.ts";
import { type Message, oneLine, someLines } from "./message.ts";
import type { Notification } from "./notification.ts";
import { openChannel } from "./registry.ts";

/** What a notifier works with. */
export interface NotifierOptions {
  readonly settings: NotificationsConfig;
  readonly network: NetworkConfig;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
  /** Clock and ids; left out: the real ones. */
  readonly now?: () => Date;
  readonly newId?: () => string;
}

/** What came of one channel. */
export interface Delivery {
  readonly channel: string;
  /** What went wrong; undefined when the message was taken. */
  readonly error: unknown;
}

/** Tells people. */
export interface Notifier {
  /**
   * Tells the channels that are to hear of it, side by side, and remembers that they did. What goes wrong is a warning
   * of the log.
   * @returns what came of each; empty when nobody was to be told
   * @throws only when aborted
   */
  tell(news: Notification, memory: NewsMemory, call: Call): Promise<readonly Delivery[]>;
  /** Sends a message to these channels, whatever was told before; nothing is remembered. @throws only when aborted */
  test(channels: readonly string[], runId: string, call: Call): Promise<readonly Delivery[]>;
}

/** Opens nothing yet. */
export function createNotifier(options: NotifierOptions): Notifier {
  const { settings, redact, now = () => new Date(), newId = randomUUID } = options;

  async function sendAll(
    messages: readonly { readonly channel: string; readonly message: Message }[],
    call: Call,
  ): Promise<readonly Delivery[]> {
    return Promise.all(
      messages.map(async ({ channel, message }) => {
        try {
          await deliver(message, () => open(channel), { timeoutMs: settings.timeoutMs }, call);
          call.log.info("somebody was told", { operation: "notify", channel, outcome: message.event, status: "sent" });
          return { channel, error: undefined };
        } catch (error) {
          call.signal.throwIfAborted();
          const data = { operation: "notify", channel, outcome: message.event, status: "failed" } as const;
          call.log.warn("a channel could not be used; nobody is told there", { ...data, error });
          return { channel, error };
        }
      }),
    );
  }

  function open(name: string) {
    const channel = settings.channels[name];
    if (channel === undefined) throw new Error(`no channel ${name}`);
    return openChannel(channel, { name, network: options.network, now });
  }

  return {
    async tell(news, memory, call) {
      const subject = `${news.subject.component} ${news.subject.target}`;
      const known = await memory.read(subject, call);
      const time = now();
      const decision = decide(known, news, settings, time);
      for (const channel of decision.heldBack) {
        const data = { operation: "notify", channel, outcome: news.outcome, status: "held-back" } as const;
        call.log.debug("the same was told there not long ago", data);
      }
      const messages = decision.tell.map(({ channel, event }) => ({
        channel,
        message: messageOf(news, { decision, event, time, id: newId(), redact }),
      }));
      const deliveries = await sendAll(messages, call);
      const missed = deliveries.flatMap(({ channel, error }) => (error === undefined ? [] : [channel]));
      const after = withoutTelling(known, decision.memory, missed);
      await memory.write(subject, after, call);
      return deliveries;
    },
    async test(channels, runId, call) {
      const messages = channels.map((channel) => ({ channel, message: testMessage(channel, runId, newId(), now()) }));
      return sendAll(messages, call);
    },
  };
}

interface Telling {
  readonly decision: Decision;
  readonly event: ToldEvent;
  readonly time: Date;
  readonly id: string;
  readonly redact: (text: string) => string;
}

function messageOf(news: Notification, { decision, event, time, id, redact }: Telling): Message {
  const { failuresInARow, failingSince } = decision;
  const row = rowText(event, decision);
  return {
    format: 1,
    id,
    time: time.toISOString(),
    event,
    component: news.subject.component,
    target: oneLine(redact(news.subject.target)),
    title: oneLine(redact(event === "recovered" || event === "escalated" ? `${event}: ${news.title}` : news.title)),
    text: someLines(redact(row === "" ? news.text : `${row}\n${news.text}`)),
    link: news.link === undefined ? null : oneLine(redact(news.link)),
    runId: news.runId,
    traceId: news.traceId,
    failuresInARow,
    failingSince,
  };
}

/** "3 failures in a row since 2026-03-01T02:00:00.000Z": said first, it is what people act on. */
function rowText(event: ToldEvent, { failuresInARow, failingSince }: Decision): string {
  if (failuresInARow === 0 || (failuresInARow === 1 && event !== "recovered")) return "";
  const failures = `${failuresInARow} failure${failuresInARow === 1 ? "" : "s in a row"} since ${failingSince}`;
  return event === "recovered" || event === "success" ? `after ${failures}` : failures;
}

function testMessage(channel: string, runId: string, id: string, time: Date): Message {
  return {
    format: 1,
    id,
    time: time.toISOString(),
    event: "test",
    component: "backup",
    target: "none",
    title: `kubeferry: test of channel ${channel}`,
    text: "This is what `kubeferry notify test` sends. Nothing happened.",
    link: null,
    runId,
    traceId: "",
    failuresInARow: 0,
    failingSince: null,
  };
}
