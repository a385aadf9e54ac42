import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject } from "@kubeferry/model";
import { CleanError } from "../clean-error.ts";
import { LAST_APPLIED } from "../evidence.ts";
import { ownValue, valueAt } from "../path.ts";
import { type Member, membersOf, objectText } from "./members.ts";
import { holdsTrace, type Traces, tracesOf } from "./traces.ts";

/** The annotation by which readers recognise a Secret whose values are not in the backup; its value is "values". */
export const WITHHELD_ANNOTATION = "kubeferry.io/withheld";
const WITHHELD_VALUE = "values";
const VALUE_FIELDS: readonly string[] = ["data", "stringData"];

/**
 * Labels are public selectors, and a database called "shop" does not make the label "shop" a secret; but a label may
 * hold a token, and no word of twelve characters is in both by chance.
 */
const MIN_LABEL_TRACE = 12;

/**
 * Takes a Secret's values out of its line. Keys of `data` and `stringData` stay with "" as value; last-applied goes;
 * annotations whose text holds one of the values (base64 or clear, 4 characters or longer, JSON-escaped or not) and
 * labels that hold one of 12 or more become ""; the annotation `kubeferry.io/withheld: values` is added. All else stays
 * byte for byte, white space between members aside. A line already withheld comes back as it is.
 * @param line one Secret as JSON, as the API server returns it
 * @throws CleanError "invalid" when the line is no JSON object; the message and cause hold nothing of it
 */
export function withholdSecret(line: Buffer): Buffer {
  const text = line.toString("utf8");
  refuseOther(text);
  const members = membersOf(text);
  const traces = tracesIn(members);
  const changed = members.map((member) => {
    if (VALUE_FIELDS.includes(member.key)) return { ...member, rawValue: emptied(member.rawValue) };
    return member.key === "metadata" ? { ...member, rawValue: withheldMetadata(member.rawValue, traces) } : member;
  });
  const hasMetadata = members.some((member) => member.key === "metadata");
  const added = hasMetadata ? [] : [{ rawKey: '"metadata"', rawValue: withheldMetadata("{}", traces) }];
  return Buffer.from(objectText([...changed, ...added]), "utf8");
}

/** True for an object made by `withholdSecret`: it bears the mark and no value. A mark beside values is none of ours. */
export function isWithheld(object: JsonObject): boolean {
  if (valueAt(object, ["metadata", "annotations", WITHHELD_ANNOTATION]) !== WITHHELD_VALUE) return false;
  return VALUE_FIELDS.every((field) => {
    const values = ownValue(object, field);
    return !isJsonObject(values) || Object.values(values).every((value) => value === "");
  });
}

function refuseOther(text: string): void {
  if (isObjectText(text)) return;
  throw new CleanError({
    kind: "invalid",
    who: "secrets",
    operation: "withhold the values of one line",
    problem: "the line is not one JSON object",
    next: "nothing of it was kept; read the Secret from the API server again",
  });
}

function isObjectText(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    // The parser's own message quotes the text, which holds the values: it must not travel as a cause.
    return false;
  }
}

function tracesIn(members: readonly Member[]): Traces {
  const valuesOf = (field: string) =>
    members
      .filter((member) => member.key === field)
      .flatMap((member) => membersOf(member.rawValue))
      .map((member): unknown => JSON.parse(member.rawValue))
      .filter((value) => typeof value === "string");
  return tracesOf(valuesOf("data"), valuesOf("stringData"));
}

/** The keys with "" each; what is no object at all (null, or something broken) becomes null. */
function emptied(raw: string): string {
  if (!raw.startsWith("{")) return "null";
  return objectText(membersOf(raw).map((member) => ({ ...member, rawValue: '""' })));
}

function withheldMetadata(raw: string, traces: Traces): string {
  const members = membersOf(raw).map((member) => {
    if (member.key === "annotations") return { ...member, rawValue: withheldAnnotations(member.rawValue, traces) };
    return member.key === "labels" ? { ...member, rawValue: withheldLabels(member.rawValue, traces) } : member;
  });
  if (members.some((member) => member.key === "annotations")) return objectText(members);
  return objectText([...members, { rawKey: '"annotations"', rawValue: withheldAnnotations("{}", traces) }]);
}

function withheldAnnotations(raw: string, traces: Traces): string {
  const kept = membersOf(raw).filter((member) => member.key !== LAST_APPLIED && member.key !== WITHHELD_ANNOTATION);
  const safe = kept.map((member) => (holdsTrace(member.rawValue, traces) ? { ...member, rawValue: '""' } : member));
  return objectText([
    ...safe,
    { rawKey: JSON.stringify(WITHHELD_ANNOTATION), rawValue: JSON.stringify(WITHHELD_VALUE) },
  ]);
}

function withheldLabels(raw: string, traces: Traces): string {
  if (!raw.startsWith("{")) return raw;
  const leaks = (member: Member) => holdsTrace(member.rawValue, traces, MIN_LABEL_TRACE);
  return objectText(membersOf(raw).map((member) => (leaks(member) ? { ...member, rawValue: '""' } : member)));
}
