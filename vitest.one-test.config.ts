import { defineConfig } from "vitest/config";

const conditions = ["kubeferry-source", "node", "import", "module", "default"];

/** For a run of one test: without looking for all others, a third of what a start costs. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["{packages,apps,testbed,tools,examples}/**/*.test.ts"],
    globalSetup: ["testbed/src/vitest-global-setup.ts"],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
