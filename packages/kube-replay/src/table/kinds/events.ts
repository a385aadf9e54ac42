import type { JsonObject } from "@kubeferry/model";
import { nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { integer, text, valueAt } from "../fields.ts";
import { since } from "../human-duration.ts";

const event: PrintedKind = {
  columns: [
    textColumn("Last Seen", lastSeen),
    textColumn("Type", (object) => text(object, "type")),
    textColumn("Reason", (object) => text(object, "reason")),
    textColumn("Object", target),
    wide(textColumn("Subobject", (object) => text(regarded(object), "fieldPath"))),
    wide(textColumn("Source", source)),
    textColumn("Message", (object) => (text(object, "message") || text(object, "note")).trim()),
    wide(textColumn("First Seen", firstSeen)),
    wide(textColumn("Count", count)),
    wide(nameColumn),
  ],
};

/** Events, under the names that the fields have in the core group and in their own. */
export const events: Readonly<Record<string, PrintedKind>> = { "/Event": event, "events.k8s.io/Event": event };

function regarded(object: JsonObject): JsonObject[string] | undefined {
  return valueAt(object, "involvedObject") ?? valueAt(object, "regarding");
}

function target(object: JsonObject): string {
  const name = text(regarded(object), "name");
  const kind = text(regarded(object), "kind").toLowerCase();
  return name === "" ? kind : `${kind}/${name}`;
}

function source(object: JsonObject): string {
  const from = valueAt(object, "source") ?? valueAt(object, "deprecatedSource");
  const reporter = text(object, "reportingComponent") || text(object, "reportingController");
  const place = text(from, "host") || text(object, "reportingInstance");
  const component = text(from, "component") || reporter;
  return place === "" ? component : `${component}, ${place}`;
}

function firstSeen(object: JsonObject, now: Date): string {
  const first = text(object, "firstTimestamp") || text(object, "deprecatedFirstTimestamp");
  return since(first || text(object, "eventTime"), now);
}

function lastSeen(object: JsonObject, now: Date): string {
  const series = valueAt(object, "series");
  if (series !== undefined && series !== null) return since(text(series, "lastObservedTime"), now);
  const last = text(object, "lastTimestamp") || text(object, "deprecatedLastTimestamp");
  return last === "" ? firstSeen(object, now) : since(last, now);
}

function count(object: JsonObject): number | bigint {
  const series = valueAt(object, "series");
  if (series !== undefined && series !== null) return integer(series, "count");
  // An event that happened once need not say so.
  return integer(object, "count") || integer(object, "deprecatedCount") || 1;
}
