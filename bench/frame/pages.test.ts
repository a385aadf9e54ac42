import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { drawResults, targetsIn } from "./pages.ts";

const ROOT = join(import.meta.dirname, "../..");

it("every plot shows the results beside it: `npm run docs`", () => {
  const plots = drawResults(ROOT);
  expect(plots.map(({ path }) => path)).toContain(join(ROOT, "bench/results/10k.svg"));
  for (const { path, text } of plots) expect(readFileSync(path, "utf8")).toBe(text);
});

it("the page on performance shows the targets as they were measured: `npm run docs`", () => {
  const page = readFileSync(join(ROOT, "docs/performance.md"), "utf8");
  expect(targetsIn(ROOT)).toBe(page);
  expect(page).toContain("| kubeferry --help ≤ 5 × node -e 0 |");
  expect(page).toContain("\n100,000 objects; ");
});
