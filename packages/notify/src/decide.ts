import { createHash } from "node:crypto";
import type { SubjectMemory } from "./memory/subject-memory.ts";
import type { Notification, NotificationEvent } from "./notification.ts";

/** What is decided by; names are those of the channels. */
export interface DecideSettings {
  readonly channels: Readonly<
    Record<string, { readonly on: readonly NotificationEvent[]; readonly escalation: boolean }>
  >;
  readonly escalateAfter: number;
  readonly repeatAfterMs: number;
}

/** What a channel is to be told. */
export type ToldEvent = NotificationEvent | "escalated";

/** Who is told, and what is known once they are. */
export interface Decision {
  readonly tell: readonly { readonly channel: string; readonly event: ToldEvent }[];
  /** Those that want such news, and were told the same not long ago. */
  readonly heldBack: readonly string[];
  /** Failures in a row, this one included; after a good run those before it. */
  readonly failuresInARow: number;
  /** When the first of them was told of here: RFC 3339, UTC. */
  readonly failingSince: string | null;
  /** As it is when every one of them was reached; `withoutTelling` takes those out that were not. */
  readonly memory: SubjectMemory;
}

/** So many different bad news of one subject are known at once; more push the oldest out. */
const MAX_NEWS = 16;

/**
 * Decides who is told of the end of a run.
 *
 * Bad news of one kind reaches a channel once within `repeatAfter`, other bad news at once; the first good run after
 * bad news that a channel was told is `recovered` there, and then all is forgotten. A channel for escalation hears of
 * the `escalateAfter`-th failure in a row, once, and of the recovery. What is known of channels that are gone from the
 * configuration is dropped.
 */
export function decide(
  memory: SubjectMemory,
  news: Pick<Notification, "outcome" | "sameAs">,
  settings: DecideSettings,
  now: Date,
): Decision {
  const isGood = news.outcome === "success";
  const streak = streakAfter(memory, news, now);
  const seen = { memory, news, settings, now, failures: streak.failures };
  const decided = Object.entries(settings.channels).map(([channel, { on, escalation }]) => {
    const known = toldOf(memory, channel);
    const event = isGood ? goodEvent(known, on, escalation) : badEvent(seen, channel, known, { on, escalation });
    const heldBack = event === undefined && !isGood && !escalation && on.includes(news.outcome);
    return { channel, event, known, heldBack };
  });
  const told = decided.map(({ channel, event, known }) => [channel, knownAfter(known, event, seen)] as const);
  const before = isGood ? memory : streak;
  return {
    tell: decided.flatMap(({ channel, event }) => (event === undefined ? [] : [{ channel, event }])),
    heldBack: decided.flatMap(({ channel, heldBack }) => (heldBack ? [channel] : [])),
    failuresInARow: before.failures,
    failingSince: before.since,
    memory: {
      ...streak,
      escalated: decided.flatMap(({ channel, event }) =>
        event === "escalated" || (streak.failures > 0 && memory.escalated.includes(channel)) ? [channel] : [],
      ),
      told: Object.fromEntries(told.filter(([, known]) => known.length > 0)),
    },
  };
}

/** The memory without what these channels would have been told: next time they are told it. */
export function withoutTelling(
  before: SubjectMemory,
  after: SubjectMemory,
  channels: readonly string[],
): SubjectMemory {
  const told = { ...after.told };
  for (const channel of channels) {
    const known = toldOf(before, channel);
    if (known.length === 0) delete told[channel];
    else told[channel] = known;
  }
  const escalated = after.escalated.filter((name) => !channels.includes(name) || before.escalated.includes(name));
  return { ...after, escalated, told };
}

/** A channel may be called `constructor`, which every object has. */
function toldOf({ told }: SubjectMemory, channel: string): Known {
  return Object.hasOwn(told, channel) ? (told[channel] ?? []) : [];
}

type Known = SubjectMemory["told"][string];

interface Seen {
  readonly memory: SubjectMemory;
  readonly news: Pick<Notification, "outcome" | "sameAs">;
  readonly settings: DecideSettings;
  readonly now: Date;
  readonly failures: number;
}

function streakAfter(memory: SubjectMemory, { outcome }: Pick<Notification, "outcome">, now: Date) {
  if (outcome !== "failure") return { failures: 0, since: null };
  return { failures: memory.failures + 1, since: memory.since ?? now.toISOString() };
}

function goodEvent(known: Known, on: readonly NotificationEvent[], escalation: boolean): ToldEvent | undefined {
  if (known.length > 0 && (escalation || on.includes("recovered"))) return "recovered";
  return !escalation && on.includes("success") ? "success" : undefined;
}

function badEvent(
  { memory, news, settings, now, failures }: Seen,
  channel: string,
  known: Known,
  { on, escalation }: DecideSettings["channels"][string],
): ToldEvent | undefined {
  if (escalation) {
    const isDue = failures >= settings.escalateAfter && !memory.escalated.includes(channel);
    return isDue ? "escalated" : undefined;
  }
  if (!on.includes(news.outcome)) return undefined;
  const same = known.find(({ news: id }) => id === idOf(news));
  return same === undefined || isOver(same.at, settings, now) ? news.outcome : undefined;
}

/** A time in the future is one of a clock that was wrong. */
function isOver(at: string, { repeatAfterMs }: DecideSettings, now: Date): boolean {
  const agoMs = now.getTime() - Date.parse(at);
  return !(agoMs >= 0 && agoMs < repeatAfterMs);
}

function knownAfter(known: Known, event: ToldEvent | undefined, { news, now }: Seen): Known {
  if (news.outcome === "success") return [];
  if (event === undefined) return known;
  const id = idOf(news);
  return [...known.filter((one) => one.news !== id), { news: id, at: now.toISOString() }].slice(-MAX_NEWS);
}

/** Short, and nothing of what it says. */
function idOf({ outcome, sameAs }: Pick<Notification, "outcome" | "sameAs">): string {
  return createHash("sha256").update(`${outcome}\n${sameAs}`).digest("hex").slice(0, 16);
}
