// What the documentation shows of the results that are kept.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plotOf } from "./plot.ts";
import { claimTable, placeText } from "./report.ts";
import { type Results, verdictsOf } from "./results.ts";

/** "<!-- results 10k -->": of `bench/results/10k.json`. */
const MARKED = /(<!-- results (\w+) -->\n)[\s\S]*?(<!-- \/results \2 -->)/g;

/** The plot of each file of `bench/results/`. @param root of the checkout @returns absolute paths and what belongs there */
export function drawResults(root: string): readonly { readonly path: string; readonly text: string }[] {
  return globSync("bench/results/*.json", { cwd: root })
    .toSorted()
    .map((file) => ({ path: join(root, file.replace(/json$/, "svg")), text: plotOf(resultsIn(join(root, file))) }));
}

/** `docs/performance.md` with the targets as they stand in files of `bench/results/`. @param root of the checkout */
export function targetsIn(root: string): string {
  const page = readFileSync(join(root, "docs/performance.md"), "utf8");
  return page.replace(MARKED, (_all, start, name, end) => {
    const results = resultsIn(join(root, `bench/results/${name}.json`));
    const table = claimTable(verdictsOf(results, { inCi: false }));
    return `${start}${placeText(results)}.\n\n${table}\n\n${end}`;
  });
}

function resultsIn(file: string): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}
