import type { ValidationFinding, ValidationReport } from "@kubeferry/model";
import { count, oneByLine } from "./print.ts";

/** What the checks found, object by object, those with errors first. */
export function describeValidation({ snapshot, objects, validation, blocked }: ValidationReport): string {
  const { errors, warnings, findings } = validation;
  const byObject = Map.groupBy(findings, ({ object }) => object);
  const listed = new Set(findings.filter(({ severity }) => severity === "error").map(({ object }) => object));
  const others = blocked.filter(({ object }) => !listed.has(object));
  const unlisted = errors + warnings - findings.length;
  return oneByLine([
    `${count(objects, "object")} of ${snapshot}: ${count(errors, "error")}, ${count(warnings, "warning")}`,
    ...[...byObject].flatMap(([object, ofObject]) => ["", object, ...ofObject.map(line)]),
    ...(unlisted > 0 ? ["", `and ${count(unlisted, "more finding")} of the same rules`] : []),
    ...(others.length === 0 ? [] : ["", "not in Git for other reasons:"]),
    ...others.map(({ object, reason }) => `  ${object}: ${reason}`),
  ]);
}

function line({ severity, rule, field, message, environments }: ValidationFinding): string {
  const place = field === undefined || field === "" ? "" : ` ${field}`;
  const where = environments === undefined ? "" : ` (in ${environments.join(", ")})`;
  return `  ${severity.padEnd("warning".length)}  ${rule}${place}: ${message}${where}`;
}
