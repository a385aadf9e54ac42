import type { HistoryEvent } from "../history/object-history.ts";
import type { MarkedLine } from "./marked-line.ts";
import { fieldText } from "./value-text.ts";

const MARKS = {
  "first-seen": "plain",
  added: "added",
  changed: "changed",
  recreated: "changed",
  removed: "removed",
  unknown: "plain",
} as const satisfies Record<HistoryEvent["what"], MarkedLine["mark"]>;

/** An object's history for people: one line an event, and one for each field below it. */
export function* historyText(events: readonly HistoryEvent[]): Iterable<MarkedLine> {
  for (const event of events) {
    const { sequence, finishedAt, what, fields } = event;
    const time = finishedAt === "" ? "-" : finishedAt;
    yield { mark: MARKS[what], text: `#${sequence}  ${time}  ${what}${remarkOf(event)}` };
    for (const field of fields) yield { mark: field.kind, text: `    ${field.path}: ${fieldText(field)}` };
  }
}

function remarkOf({ encrypted, reason }: HistoryEvent): string {
  if (reason !== undefined) return `: ${reason}`;
  return encrypted === true ? " (encrypted: in what it differs is not known)" : "";
}
