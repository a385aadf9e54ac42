import { typeName } from "@kubeferry/model";
import type { Diff } from "../diff/diff-sides.ts";
import type { DiffReport, NotCompared, ObjectDifference } from "../diff/difference.ts";
import { type MarkedLine, SIGNS } from "./marked-line.ts";
import { fieldText } from "./value-text.ts";

/** A comparison for people: what was compared, object by object below its namespace and type, and what was not. */
export async function* diffText({ report, differences }: Diff): AsyncIterable<MarkedLine> {
  yield* headLines(report);
  let place = "";
  let resource = "";
  for await (const difference of differences.all()) {
    const namespace = difference.namespace ?? "";
    if (place !== `/${namespace}`) {
      yield heading(namespace === "" ? "cluster" : `namespace ${namespace}`);
      place = `/${namespace}`;
      resource = "";
    }
    if (resource !== typeName(difference.type)) yield heading(`  ${typeName(difference.type)}`);
    resource = typeName(difference.type);
    yield* objectLines(difference);
  }
  yield* endLines(report);
}

/** What was compared: the first two lines of every form for people. */
function headLines({ before, after }: DiffReport): readonly MarkedLine[] {
  return [
    { mark: "removed", text: `- ${before}` },
    { mark: "added", text: `+ ${after}` },
  ];
}

/** What it comes to, and what was not compared. */
export function endLines(report: DiffReport): readonly MarkedLine[] {
  return [heading(summaryText(report)), ...notComparedTexts(report).map(plain)];
}

/** "1 added, 2 removed, 3 changed", or "no difference". */
export function summaryText({ added, removed, changed }: DiffReport): string {
  if (added + removed + changed === 0) return "no difference";
  return `${added} added, ${removed} removed, ${changed} changed`;
}

/** What was not compared, one sentence each; what is left out for one reason is told together. */
export function notComparedTexts({ notCompared, leftOut }: DiffReport): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { resource, reason } of notCompared.filter(isLeftOut)) {
    reasons.set(reason, [...(reasons.get(reason) ?? []), resource]);
  }
  return [
    ...notCompared
      .filter((one) => !isLeftOut(one))
      .map(({ resource, reason }) => `not compared: ${resource}: ${reason}`),
    ...[...reasons].map(([reason, resources]) => `left out: ${named(resources)}: ${reason}`),
    ...Object.entries(leftOut).map(([reason, count]) => `left out: ${objects(count)}: ${reason}`),
  ];
}

/** Files speak of few of a cluster's types: a long list of the others would hide what differs. JSON names them all. */
const MOST_NAMED = 8;

function named(resources: readonly string[]): string {
  if (resources.length <= MOST_NAMED + 1) return resources.join(", ");
  return `${resources.slice(0, MOST_NAMED).join(", ")} and ${resources.length - MOST_NAMED} other types`;
}

function isLeftOut({ because }: NotCompared): boolean {
  return because === "left-out";
}

function* objectLines({ name, change, fields, encrypted, recreated }: ObjectDifference): Iterable<MarkedLine> {
  const remarks = [
    ...(encrypted === true ? ["encrypted: in what it differs is not known"] : []),
    ...(recreated === true ? ["deleted and made again"] : []),
  ];
  const remark = remarks.length === 0 ? "" : ` (${remarks.join("; ")})`;
  yield { mark: change, text: `    ${SIGNS[change]} ${name}${remark}` };
  for (const field of fields) yield { mark: field.kind, text: `        ${field.path}: ${fieldText(field)}` };
}

function objects(count: number): string {
  return `${count} ${count === 1 ? "object" : "objects"}`;
}

function heading(text: string): MarkedLine {
  return { mark: "heading", text };
}

function plain(text: string): MarkedLine {
  return { mark: "plain", text };
}
