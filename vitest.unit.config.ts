import { mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

// The tests that need no server, for `npm run check`.
export default mergeConfig(config, {
  test: {
    exclude: [
      "**/node_modules/**",
      "**/e2e/**",
      "testbed/**",
      "**/*.server.test.ts",
      "packages/object-store/**",
      "packages/git/**",
      "packages/git-platform/**",
      "packages/kube/**",
      "apps/gitops/**",
    ],
    reporters: ["default"],
    globalSetup: [],
  },
});
