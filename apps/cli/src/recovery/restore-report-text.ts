import type { RestoreReport } from "@kubeferry/model";
import { count, oneByLine } from "../present/print.ts";

/** What a restore did, for people: the numbers, then what is not as it was wanted, line by line. */
export function restoreReportText(report: RestoreReport): string {
  const { status, source, target, objects, failures, notWritten, warnings, durationMs, objectsPerSecond } = report;
  const numbers = Object.entries(objects).filter(([, number]) => number > 0);
  const told = numbers.map(([what, number]) => `${number} ${what}`).join(", ");
  const seconds = (durationMs / 1_000).toFixed(1);
  return oneByLine([
    `${status === "interrupted" ? "restore interrupted: " : "restored "}${source.cluster}, snapshot ${source.sequence} (${source.series}) of ${source.finishedAt}`,
    `  into ${target}`,
    `  ${told === "" ? "nothing was meant" : told}; ${seconds} s, ${objectsPerSecond} objects a second`,
    ...section(
      `failed: ${count(failures.length, "object")}`,
      failures.map(({ target: object, message }) => `${object}: ${message}`),
    ),
    ...section(
      `not written: ${count(notWritten.length, "object")}`,
      notWritten.map(({ object, reason }) => `${object}: ${reason}`),
    ),
    ...section("warnings", warnings),
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}
