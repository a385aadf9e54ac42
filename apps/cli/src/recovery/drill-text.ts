import { type DrillReport, fieldText } from "@kubeferry/recovery";
import { count, oneByLine } from "../present/print.ts";

/** What a drill found, for people: the verdict and the two times first, then what is not as it was, object by object. */
export function drillText(report: DrillReport): string {
  const { source, target, namespaces, objects, differences, failures, withheld, leftOut, warnings, cleanup } = report;
  const whole = failures.length + differences.length === 0;
  return oneByLine([
    `drill ${report.run}: ${whole ? "all came back as it was" : "not all came back as it was"}`,
    `  ${source.cluster}, snapshot ${source.sequence} (${source.series}) of ${source.finishedAt}`,
    `  into ${target}: ${namespaces.map(({ to }) => to).join(", ")}`,
    `  ${report.ageSeconds} s old when the drill began (RPO)`,
    `  ${report.restoreSeconds} s until everything was there (RTO)`,
    `  ${count(objects.meant, "object")}: ${numbers(objects)}`,
    ...section(`different: ${count(differences.length, "object")}`, differences.flatMap(linesOf)),
    ...section(
      `not brought back: ${count(failures.length, "object")}`,
      failures.map(({ object, reason }) => `${object}: ${reason}`),
    ),
    ...section("withheld: value not in this backup", withheld),
    ...section("no part of a drill", leftOut),
    ...section("warnings", warnings),
    ...section("removed", cleanup.removed),
    ...section(
      "still there",
      cleanup.left.map(({ object, because }) => `${object}: ${because}`),
    ),
    ...(cleanup.command === undefined
      ? []
      : ["", `${cleanup.kept ? "kept; remove it with" : "remove it with"}: ${cleanup.command}`]),
  ]);
}

function numbers({ asMeant, different, withheld, failed, there }: DrillReport["objects"]): string {
  const told = Object.entries({ different, withheld, "not brought back": failed, "there before": there });
  const more = told.filter(([, number]) => number > 0).map(([what, number]) => `, ${number} ${what}`);
  return `${asMeant} as meant${more.join("")}`;
}

function linesOf({ object, missing, changes }: DrillReport["differences"][number]): string[] {
  if (missing) return [`${object}: it was written, and is not there`];
  return [object, ...changes.map((change) => `  ${change.path}: ${fieldText(change)}`)];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
