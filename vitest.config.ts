import { globSync } from "node:fs";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { LongestFirst } from "./testbed/src/longest-first.ts";
import { SummaryReporter } from "./testbed/src/summary-reporter.ts";
import { findTestFiles } from "./vitest.files.ts";

const conditions = ["kubeferry-source", "node", "import", "module", "default"];

/** Every package and app keeps 80 % of its lines covered; the command line, which tests run as a process, by `npm run coverage:cli`. */
const FLOORED = globSync("{packages/*,apps/{backup,gitops,recovery}}", {
  cwd: import.meta.dirname,
  exclude: ["packages/test-fleet"],
});

/** Files that run in one process, one after the other: what a test stubbed goes with it. */
const SHARED = { isolate: false, unstubEnvs: true, restoreMocks: true };

const files = findTestFiles(import.meta.dirname);

function project(
  name: string,
  include: readonly string[],
  more: TestProjectInlineConfiguration["test"] = {},
): TestProjectInlineConfiguration {
  const timeouts = { testTimeout: 120_000, hookTimeout: 180_000 };
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: { name, include: [...include], pool: "forks", ...timeouts, ...more },
  };
}

export default defineConfig({
  test: {
    projects: [
      project("quick", files.quick, SHARED),
      project("quick-alone", files.quickAlone),
      project("slow", files.slow, SHARED),
      project("slow-alone", files.slowAlone),
    ],
    globalSetup: ["testbed/src/vitest-global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/{backup,gitops,recovery}/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.contract.ts", "**/testing/**", "packages/test-fleet/**"],
      reporter: [["text-summary"], ["json-summary"]],
      reportOnFailure: true,
      thresholds: Object.fromEntries(FLOORED.map((folder) => [`${folder}/src/**`, { lines: 80 }])),
    },
    sequence: { sequencer: LongestFirst },
    pool: "forks",
    // One more than the cores of CI: a worker waits for its servers a fifth of the time.
    maxWorkers: 3,
  },
});
