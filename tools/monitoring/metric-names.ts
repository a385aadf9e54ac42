import { readFileSync } from "node:fs";
import { join } from "node:path";

const PAGE = join(import.meta.dirname, "../../docs/reference/telemetry.md");

/** What Prometheus has beside ours: from the Pushgateway, and from the process by Node's metrics library. */
const OTHERS: readonly string[] = [
  "push_time_seconds",
  "push_failure_time_seconds",
  "process_resident_memory_bytes",
  "process_cpu_seconds_total",
  "nodejs_eventloop_lag_p99_seconds",
  // Written by whoever must not forget a cluster: objectives.yaml says how.
  "kubeferry:expected_backup",
];

/** Every metric of the generated page, histograms by their three series. */
export function publishedMetrics(): readonly string[] {
  const rows = readFileSync(PAGE, "utf8").matchAll(/^\| `([a-z_]+)` \| (counter|gauge|histogram) \|/gm);
  return [...rows].flatMap(([, name = "", type]) =>
    type === "histogram" ? ["_sum", "_count", "_bucket"].map((suffix) => name + suffix) : [name],
  );
}

/** The metrics of ours that an expression of PromQL asks for, by their names. @returns each as often as it is named */
export function metricsIn(expr: string): readonly string[] {
  const spoken = [...expr.matchAll(/__name__=~"([^"]*)"/g)].flatMap(([, pattern = ""]) => alternatives(pattern));
  const bare = expr
    .replace(/#.*$/gm, "")
    .replace(/\{[^}]*\}/g, " ")
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .replace(/\[[^\]]*\]/g, " ");
  const named = bare.match(/[a-zA-Z_][a-zA-Z0-9_:]*[_:][a-zA-Z0-9_:]*/g) ?? [];
  return [...spoken, ...named].filter((name) => !FUNCTIONS.test(name) && !OTHERS.includes(name));
}

/** Names of functions that look like metrics. */
const FUNCTIONS = /^(\w+_over_time|clamp_\w+|group_\w+)$/;

/** "a_(b|c)_d" -> "a_b_d", "a_c_d" */
function alternatives(pattern: string): readonly string[] {
  const [, before = "", choice, after = ""] = /^([^(]*)\(([^)]*)\)(.*)$/.exec(pattern) ?? [];
  return choice === undefined ? [pattern] : choice.split("|").map((each) => before + each + after);
}
