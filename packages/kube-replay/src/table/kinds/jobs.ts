import type { JsonObject } from "@kubeferry/model";
import { ageColumn, integerColumn, nameColumn, type PrintedKind, textColumn, wide } from "../columns.ts";
import { conditionOf, integer, isDeleted, sizeAt, text, valueAt } from "../fields.ts";
import { humanDuration, since } from "../human-duration.ts";
import { selectorText } from "../label-text.ts";
import { containerColumns } from "./containers.ts";

const JOB = ["spec", "jobTemplate", "spec"] as const;

/** What runs to an end. */
export const jobs: Readonly<Record<string, PrintedKind>> = {
  "batch/Job": {
    columns: [
      nameColumn,
      textColumn("Status", status),
      textColumn("Completions", completions),
      textColumn("Duration", duration),
      ageColumn,
      ...containerColumns("spec", "template", "spec"),
      wide(textColumn("Selector", (job) => selectorText(valueAt(job, "spec", "selector")))),
    ],
  },
  "batch/CronJob": {
    columns: [
      nameColumn,
      textColumn("Schedule", (job) => text(job, "spec", "schedule")),
      textColumn("Timezone", (job) => text(job, "spec", "timeZone") || "<none>"),
      { ...textColumn("Suspend", suspended), type: "boolean" },
      integerColumn("Active", (job) => sizeAt(job, "status", "active")),
      textColumn("Last Schedule", lastSchedule),
      ageColumn,
      ...containerColumns(...JOB, "template", "spec"),
      wide(textColumn("Selector", (job) => selectorText(valueAt(job, ...JOB, "selector")))),
    ],
  },
};

function status(job: JsonObject): string {
  const is = (type: string): boolean => conditionOf(job, type)?.status === "True";
  if (is("Complete")) return "Complete";
  if (is("Failed")) return "Failed";
  if (isDeleted(job)) return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(is) ?? "Running";
}

function completions(job: JsonObject): string {
  const succeeded = integer(job, "status", "succeeded");
  const wanted = valueAt(job, "spec", "completions");
  if (typeof wanted === "number") return `${succeeded}/${wanted}`;
  const parallelism = integer(job, "spec", "parallelism");
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration(job: JsonObject, now: Date): string {
  const started = text(job, "status", "startTime");
  const completed = text(job, "status", "completionTime");
  if (started === "") return "";
  return completed === "" ? since(started, now) : humanDuration(Date.parse(completed) - Date.parse(started));
}

/** Text in a column that says boolean: so the API server sends it. */
function suspended(job: JsonObject): string {
  const value = valueAt(job, "spec", "suspend");
  if (typeof value !== "boolean") return "<unset>";
  return value ? "True" : "False";
}

function lastSchedule(job: JsonObject, now: Date): string {
  const time = text(job, "status", "lastScheduleTime");
  return time === "" ? "<none>" : since(time, now);
}
