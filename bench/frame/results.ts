// What a run of the bench leaves behind as JSON: tables, verdicts and the plot are made of this alone.
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { type Bound, holds, type Judged, median, type Taken } from "./measure.ts";

/** Where it was measured. */
export interface Machine {
  readonly cpus: number;
  readonly model: string;
  /** "linux x64" */
  readonly platform: string;
  /** "v24.21.0" */
  readonly node: string;
}

/** What a suite gave, and when: suites can be measured one at a time. */
export interface SuiteResult extends Taken {
  /** "2026-03-01" */
  readonly date: string;
  /** Load of the machine over the minute before each round. */
  readonly loads: readonly number[];
}

/** A file of `bench/results/`. */
export interface Results {
  readonly machine: Machine;
  /** Version by name of what was measured against. */
  readonly servers: Readonly<Record<string, string>>;
  /** In a cluster. */
  readonly objects: number;
  readonly suites: readonly SuiteResult[];
}

/** How a claim came out. "not asked": nothing is wanted of it in this run. */
export interface Verdict extends Judged {
  readonly suite: string;
  readonly median: number;
  /** What it was held against. */
  readonly bound: Bound;
  readonly verdict: "holds" | "does not hold" | "not asked";
}

/** Every claim against what is wanted of it. `inCi`: against the margins of a busy machine instead. */
export function verdictsOf({ suites, objects }: Results, { inCi }: { readonly inCi: boolean }): readonly Verdict[] {
  return suites.flatMap(({ name, judged }) =>
    judged.map((claim) => verdictOf(claim)).map((each) => ({ suite: name, ...each })),
  );

  function verdictOf(claim: Judged): Omit<Verdict, "suite"> {
    const middle = median(claim.ratios);
    const meant = claim.objects?.includes(objects) ?? true;
    const bound = inCi ? claim.inCi : meant ? claim.wanted : undefined;
    if (bound === undefined) return { ...claim, median: middle, bound: claim.wanted, verdict: "not asked" };
    return { ...claim, median: middle, bound, verdict: holds(bound, middle) ? "holds" : "does not hold" };
  }
}

/**
 * The results of both, where a suite of the later ones takes the place of an earlier one.
 * @param order names of all suites, as they are to follow each other
 * @throws Error when they are not of the same machine and number of objects
 */
export function together(earlier: Results | undefined, later: Results, order: readonly string[]): Results {
  if (earlier === undefined) return later;
  if (earlier.objects !== later.objects || !isDeepStrictEqual(earlier.machine, later.machine)) {
    throw new Error("the file holds results of another machine or number of objects: name another one, or remove it");
  }
  const suites = order.flatMap((name) => {
    const found =
      later.suites.find((suite) => suite.name === name) ?? earlier.suites.find((suite) => suite.name === name);
    return found ?? [];
  });
  return { ...later, servers: { ...earlier.servers, ...later.servers }, suites };
}

/** @returns undefined where there is no such file */
export async function readResults(file: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
