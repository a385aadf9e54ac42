import type { DurationCounts } from "@kubeferry/model";
import { Histogram, type Registry } from "prom-client";
import { DURATION_BOUNDS_SECONDS } from "./count-run.ts";

/** What tells the runs of one place from those of another. */
type Labels = Readonly<Record<string, string | number>>;

/** One line of a histogram. */
interface Line {
  readonly metricName: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A histogram whose counts come from outside: the library's own can only start at nothing. */
export class CarriedHistogram extends Histogram {
  readonly #exposed: { readonly name: string; readonly help: string; readonly values: readonly Line[] };

  constructor(
    { name, help, registry }: { readonly name: string; readonly help: string; readonly registry: Registry },
    counts: readonly { readonly labels: Labels; readonly durations: DurationCounts }[],
  ) {
    super({ name, help, registers: [registry] });
    this.#exposed = { name, help, values: counts.flatMap(({ labels, durations }) => linesOf(name, labels, durations)) };
  }

  /** What the registry writes as text. */
  async getForPromString(): Promise<unknown> {
    return { ...this.#exposed, type: "histogram" };
  }
}

function linesOf(name: string, labels: Labels, { count, sumMs, buckets }: DurationCounts): Line[] {
  const bucket = (le: number | string, value: number): Line => ({
    metricName: `${name}_bucket`,
    labels: { le, ...labels },
    value,
  });
  return [
    ...DURATION_BOUNDS_SECONDS.map((bound) => bucket(bound, buckets[bound] ?? 0)),
    bucket("+Inf", count),
    { metricName: `${name}_sum`, labels, value: sumMs / 1000 },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
