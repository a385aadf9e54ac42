// What a reader sees of the results: a table a suite, and a verdict a claim.
import { type Bound, holds, type Judged, type Measured, median, type Sample, type SuiteResult } from "./measure.ts";

/** Markdown: what was measured, then what was claimed of it. */
export function tablesOf({ name, about, measured, judged }: SuiteResult): string {
  const rows = measured.map((each) => [
    each.name,
    spread(each, ({ wallMs }) => wallMs, milliseconds),
    spread(each, ({ cpuMs }) => cpuMs, milliseconds),
    spread(each, ({ peakRssBytes }) => peakRssBytes, mebibytes),
    countsOf(each),
  ]);
  const measures = table(["", "wall", "processor", "peak RSS", "counts"], rows);
  const claims = table(["claim", "median", "spread", "wanted", ""], judged.map(claimRow));
  return `## ${name}\n\n${about}\n\n${measures}\n\n${claims}\n`;
}

/** Claims that do not hold, by the median of their ratios. `inCi`: held against the margins of a busy machine. */
export function brokenClaims(results: readonly SuiteResult[], { inCi }: { readonly inCi: boolean }): readonly Judged[] {
  return results
    .flatMap(({ judged }) => judged)
    .filter(({ claim, ratios }) => {
      const bound = inCi ? claim.inCi : claim.wanted;
      return bound !== undefined && !holds(bound, median(ratios));
    });
}

function claimRow({ claim, ratios }: Judged): readonly string[] {
  const middle = median(ratios);
  const range = `${two(Math.min(...ratios))}–${two(Math.max(...ratios))}`;
  return [
    claim.what,
    two(middle),
    range,
    boundText(claim.wanted),
    holds(claim.wanted, middle) ? "holds" : "**does not hold**",
  ];
}

/** "≤ 1.50" */
export function boundText(bound: Bound): string {
  return "atMost" in bound ? `≤ ${two(bound.atMost)}` : `≥ ${two(bound.atLeast)}`;
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

function two(number: number): string {
  return number.toFixed(2);
}
