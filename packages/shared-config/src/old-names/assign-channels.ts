import { type Assignment, type ChannelFact, EMPTY_PART, type OldNameUse, type Part } from "../part.ts";
import { branch, nodeAt, type Sourced } from "../sourced.ts";
import { NOTIFICATIONS_OFF } from "./reasons.ts";
import { truthOf } from "./truth-of.ts";

const SWITCH = ["notifications", "enabled"];
/** Where the old tool wrote when nobody said where. */
const SLACK_CHANNEL = "#backup-notifications";
const OF_FAILURES = ["failure", "partial", "drift", "recovered"];

/**
 * Turns what all sources say of channels under old names into `notifications.channels.webhook` and `.slack`, where
 * notifications are on; while they are off it does not matter that the URLs are of variables nobody set.
 */
export function assignChannels(parts: readonly Part[]): readonly Part[] {
  const facts = parts.flatMap(({ channels }) => channels);
  if (facts.length === 0) return parts;
  if (!isOn(parts)) return parts.map((part) => withUses(part, part.channels.map(unusedFor(NOTIFICATIONS_OFF))));
  const there = new Set(facts.filter(isUrl).map(({ channel }) => channel));
  return [...defaultsBelow(facts, there), ...parts.map((part) => assignPart(part, facts, there))];
}

function isOn(parts: readonly Part[]): boolean {
  const last = parts.map(switchOf).findLast((node) => node !== undefined);
  return last !== undefined && truthOf(last) === true;
}

function switchOf({ tree, assignments }: Part): Sourced | undefined {
  const assigned = assignments.find(({ path }) => path.join(".") === SWITCH.join("."));
  return assigned?.node ?? nodeAt(tree, SWITCH);
}

/** A URL left empty, as `${WEBHOOK_URL:-}` may leave it, is none. */
function isUrl({ says, node }: ChannelFact): boolean {
  return says === "url" && !(node.kind === "leaf" && node.value === "");
}

function defaultsBelow(facts: readonly ChannelFact[], there: ReadonlySet<string>): readonly Part[] {
  const url = facts.find((fact) => fact.channel === "slack" && isUrl(fact));
  if (url === undefined || !there.has("slack")) return [];
  const leaf: Sourced = { kind: "leaf", origin: url.node.origin, value: SLACK_CHANNEL };
  return [{ ...EMPTY_PART, tree: branch(["notifications", "channels", "slack", "channel"], leaf) }];
}

function assignPart(part: Part, facts: readonly ChannelFact[], there: ReadonlySet<string>): Part {
  const assignments: Assignment[] = [];
  const uses: OldNameUse[] = [];
  for (const fact of part.channels) {
    if (!there.has(fact.channel)) {
      uses.push(unusedFor(`there is no URL of ${fact.channel}`)(fact));
      continue;
    }
    const assigned = assignmentsOf(fact, facts);
    assignments.push(...assigned);
    const keys = assigned.map(({ path }) => path.join("."));
    uses.push({ old: fact.old, origin: fact.node.origin, keys, note: "", level: "quiet" });
  }
  return withUses({ ...part, assignments: [...part.assignments, ...assignments] }, uses);
}

function assignmentsOf(fact: ChannelFact, facts: readonly ChannelFact[]): readonly Assignment[] {
  const { channel, says, node, old } = fact;
  const own = (key: string, value: Sourced): Assignment => ({
    path: ["notifications", "channels", channel, key],
    node: value,
    old,
  });
  if (says === "channel") return [own("channel", node)];
  if (says === "url") return isUrl(fact) ? [own("type", { ...leafOf(node), value: channel }), own("url", node)] : [];
  return [own("on", eventsOf(fact, facts))];
}

/** What both switches say together, wherever each of them stands; failures are told unless they are not to be. */
function eventsOf({ channel, node }: ChannelFact, facts: readonly ChannelFact[]): Sourced {
  const last = (says: ChannelFact["says"]): Sourced | undefined =>
    facts.findLast((fact) => fact.channel === channel && fact.says === says)?.node;
  const [success, failure] = [last("success"), last("failure")];
  const unread = [success, failure].find((each) => each !== undefined && truthOf(each) === undefined);
  // The schema says what is wrong with it.
  if (unread !== undefined) return unread;
  const events = [
    ...(success !== undefined && truthOf(success) === true ? ["success"] : []),
    ...(failure === undefined || truthOf(failure) === true ? OF_FAILURES : []),
  ];
  return { kind: "list", origin: node.origin, items: events.map((value) => ({ ...leafOf(node), value })) };
}

function leafOf({ origin }: Sourced): Extract<Sourced, { readonly kind: "leaf" }> {
  return { kind: "leaf", origin, value: null };
}

function unusedFor(note: string): (fact: ChannelFact) => OldNameUse {
  return ({ old, node }) => ({ old, origin: node.origin, keys: [], note, level: "notice" });
}

function withUses(part: Part, more: readonly OldNameUse[]): Part {
  return { ...part, channels: [], uses: [...part.uses, ...more] };
}
