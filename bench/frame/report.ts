// What a reader sees of the results: a table a suite, and a verdict a claim.
import { type Bound, type Measured, median, type Sample, type Taken } from "./measure.ts";
import type { Results, Verdict } from "./results.ts";

/** Markdown: what was measured, then what was claimed of it. */
export function tablesOf({ name, about, measured }: Taken, verdicts: readonly Verdict[]): string {
  const rows = measured.map((each) => [
    each.name,
    spread(each, ({ wallMs }) => wallMs, milliseconds),
    spread(each, ({ cpuMs }) => cpuMs, milliseconds),
    spread(each, ({ peakRssBytes }) => peakRssBytes, mebibytes),
    countsOf(each),
  ]);
  const measures = table(["", "wall", "processor", "peak RSS", "counts"], rows);
  const claims = verdicts.length === 0 ? "" : `\n${claimTable(verdicts)}\n`;
  return `## ${name}\n\n${about}\n\n${measures}\n${claims}`;
}

/** Markdown: a row a claim. */
export function claimTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ what, median: middle, ratios, bound, verdict }) => [
    what,
    two(middle),
    rangeText(ratios),
    boundText(bound),
    verdict === "does not hold" ? `**${verdict}**` : verdict,
  ]);
  return table(["claim", "median", "spread", "wanted", ""], rows);
}

/** What the output ends with: a line a claim, those that do not hold last, and how many there are of each. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const kinds = ["not asked", "holds", "does not hold"] as const;
  const lines = kinds.flatMap((kind) => verdicts.filter(({ verdict }) => verdict === kind).map(lineOf));
  const counts = kinds
    .toReversed()
    .map((kind) => `${verdicts.filter(({ verdict }) => verdict === kind).length} ${kind}`);
  return [...lines, `claims: ${counts.join(", ")}`].join("\n");
}

function lineOf({ verdict, suite, what, median: middle, ratios, bound }: Verdict): string {
  return `${verdict.padEnd(13)}  ${suite}: ${what}: ${two(middle)} (${rangeText(ratios)}), ${boundText(bound)}`;
}

/** Where and when: "10,000 objects; 2 × …, linux x64, node v24.21.0; …" */
export function placeText({ machine, servers, objects, suites }: Results): string {
  const dates = [...new Set(suites.map(({ date }) => date))].toSorted();
  const loads = suites.flatMap((suite) => suite.loads);
  const versions = Object.entries(servers).map(([name, version]) => `${name} ${version}`);
  return [
    `${objects.toLocaleString("en")} objects`,
    `${machine.cpus} × ${machine.model}, ${machine.platform}`,
    [`node ${machine.node}`, ...versions].join(", "),
    dates.join(", "),
    `load ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
  ].join("; ");
}

/** "≤ 1.50" */
export function boundText(bound: Bound): string {
  return "atMost" in bound ? `≤ ${two(bound.atMost)}` : `≥ ${two(bound.atLeast)}`;
}

/** "1.02–1.31" */
export function rangeText(numbers: readonly number[]): string {
  return `${two(Math.min(...numbers))}–${two(Math.max(...numbers))}`;
}

/** "1.10" */
export function two(number: number): string {
  return number.toFixed(2);
}

function spread(
  { samples }: Measured,
  figure: (sample: Sample) => number | undefined,
  text: (value: number) => string,
): string {
  const values = samples.flatMap((sample) => figure(sample) ?? []);
  if (values.length === 0) return "";
  return `${text(median(values))} (${text(Math.min(...values))}–${text(Math.max(...values))})`;
}

function countsOf({ samples }: Measured): string {
  const [first] = samples;
  return Object.entries(first?.counts ?? {})
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function milliseconds(value: number): string {
  return value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
