import { globSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./testbed/src/longest-first.ts";
import { SummaryReporter } from "./testbed/src/summary-reporter.ts";

const conditions = ["kubeferry-source", "node", "import", "module", "default"];

/** Every package and app keeps 80 % of its lines covered; the command line, which tests run as a process, by `npm run coverage:cli`. */
const FLOORED = globSync("{packages/*,apps/{backup,gitops}}", { cwd: import.meta.dirname });

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "testbed/src/**/*.test.ts",
      "tools/**/*.test.ts",
      "examples/**/*.test.ts",
    ],
    globalSetup: ["testbed/src/vitest-global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/{backup,gitops}/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.contract.ts", "**/testing/**"],
      reporter: [["text-summary"], ["json-summary"]],
      reportOnFailure: true,
      thresholds: Object.fromEntries(FLOORED.map((folder) => [`${folder}/src/**`, { lines: 80 }])),
    },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    sequence: { sequencer: LongestFirst },
    pool: "forks",
    maxWorkers: 2,
  },
});
