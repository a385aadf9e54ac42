import type { LogFields } from "@kubeferry/model";
import { added } from "./metrics/count-gitops-run.ts";

/** What became of a message to people. "held-back": the same was told there not long ago. */
export type NotificationOutcome = "sent" | "failed" | "held-back";

/** Every one of them; each is there from the beginning, so that its first is an increase. */
export const NOTIFICATION_OUTCOMES: readonly NotificationOutcome[] = ["sent", "failed", "held-back"];

/** Messages by channel; an outcome that never came is missing. */
export type NotificationCounts = Readonly<Record<string, Readonly<Partial<Record<NotificationOutcome, number>>>>>;

/** Counts messages to people among log lines. */
export interface NotificationCounter {
  /** Channels that are to be told of, before anything went through them. */
  expect(channels: readonly string[]): void;
  /** Looks at the fields of a line. */
  see(fields: LogFields | undefined): void;
  counts(): NotificationCounts;
}

/** A counter that has seen nothing yet. */
export function createNotificationCounter(): NotificationCounter {
  const channels = new Map<string, Map<NotificationOutcome, number>>();

  function of(channel: string): Map<NotificationOutcome, number> {
    const known = channels.get(channel) ?? new Map<NotificationOutcome, number>();
    channels.set(channel, known);
    return known;
  }

  return {
    expect: (names) => names.forEach(of),
    see(fields) {
      if (fields?.operation !== "notify" || typeof fields.channel !== "string") return;
      const outcome = NOTIFICATION_OUTCOMES.find((each) => each === fields.status);
      if (outcome === undefined) return;
      const counts = of(fields.channel);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    },
    counts: () => Object.fromEntries([...channels].map(([name, counts]) => [name, Object.fromEntries(counts)])),
  };
}

/** Counts of two processes together. */
export function addNotifications(one: NotificationCounts, other: NotificationCounts): NotificationCounts {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, added(own(one, name), own(other, name))]));
}

/** A channel may be called `constructor`, which every object has. */
function own(counts: NotificationCounts, name: string): NotificationCounts[string] {
  return Object.hasOwn(counts, name) ? (counts[name] ?? {}) : {};
}

/** One for the process: every log of it counts here, whatever level it writes. */
export const processNotifications = createNotificationCounter();
