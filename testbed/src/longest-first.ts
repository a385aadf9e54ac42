import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest, longest first: a worker that began one of them last would have the others wait for it. */
const LONGEST = [
  "e2e/killed.test.ts",
  "e2e/argo-adoption.test.ts",
  "e2e/real-projects.test.ts",
  "platforms/gitea/gitea.test.ts",
  "whole-run/scale.server.test.ts",
  "clean/src/settled.kube.test.ts",
  "e2e/unread.test.ts",
  "e2e/planted-secret.test.ts",
  "snapshot/src/kill.test.ts",
  "e2e/real-chain.test.ts",
  "whole-run/safety.server.test.ts",
  "gitops/src/run.server.test.ts",
  "e2e/large-cluster.test.ts",
  "snapshot/src/damage.random.test.ts",
  "prune/prune-race.test.ts",
];

/** Starts the longest test files first, then those with servers and processes; the quick ones fill what is left. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => rankOf(left.moduleId) - rankOf(right.moduleId));
  }
}

function rankOf(path: string): number {
  const place = LONGEST.findIndex((end) => path.endsWith(end));
  if (place >= 0) return place;
  return /\/e2e\/|\.server\.test\.ts$/.test(path) ? LONGEST.length : LONGEST.length + 1;
}
