import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./testbed/src/summary-reporter.ts";

const conditions = ["kubeferry-source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "testbed/src/**/*.test.ts",
      "tools/**/*.test.ts",
    ],
    globalSetup: ["testbed/src/vitest-global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.contract.ts", "**/testing/**"],
      reporter: [["text-summary"], ["json-summary"]],
    },
    testTimeout: 120_000,
    hookTimeout: 180_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
