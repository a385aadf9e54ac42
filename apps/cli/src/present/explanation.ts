import type { ExplainedObject, Explanation } from "@kubeferry/backup";
import { oneByLine, table } from "./print.ts";

/** What becomes of every type, for people. */
export function describeTypes({ openShift, types, silent, warnings }: Explanation): string {
  const rows = types.map(({ resource, taken, reason, detail, scope }) => [
    resource,
    taken ? "taken" : "left out",
    reason,
    [detail, scope === null ? "" : `only ${JSON.stringify(scope)}`].filter((part) => part !== "").join("; "),
  ]);
  const taken = types.filter((type) => type.taken).length;
  const remarks = [
    `${taken} of ${types.length} types are taken; ${openShift ? "the cluster is OpenShift" : "no OpenShift"}`,
    ...silent.map(({ group, version, reason }) => `does not answer: ${group}/${version}: ${reason}`),
    ...warnings.map((warning) => `worth a look: ${warning}`),
  ];
  return `${table([["TYPE", "", "REASON", ""], ...rows])}\n${oneByLine(remarks)}`;
}

/** What becomes of one object, for people. */
export function describeObject({ object, taken, decidedBy, reason, detail }: ExplainedObject): string {
  const why = detail === "" ? reason : `${reason}: ${detail}`;
  return `${object}: ${taken ? "taken" : "left out"}, by a rule about ${decidedBy === "type" ? "its type" : "the object"}: ${why}`;
}
