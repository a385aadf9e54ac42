import { globSync } from "node:fs";
import { matchesGlob } from "node:path";

/** Every test of ours. */
const TESTS = [
  "packages/*/src/**/*.test.ts",
  "apps/*/src/**/*.test.ts",
  "testbed/src/**/*.test.ts",
  "tools/**/*.test.ts",
  "bench/**/*.test.ts",
  "examples/**/*.test.ts",
];

/** What `npm run check` leaves to `npm test`: tests that need a server, start many processes, or take seconds. */
const LEFT_OUT = [
  "**/e2e/**",
  "examples/**",
  "**/*.server.test.ts",
  "testbed/**",
  "packages/clean/src/{clean.kube,kustomize,settled.kube}.test.ts",
  "packages/clean/src/yaml/emit.go.test.ts",
  "packages/git/src/{gitea,work-tree,readme}.test.ts",
  "packages/git-platform/src/platforms/**",
  "packages/kube/src/{readme,real-api}.test.ts",
  "packages/kube/src/{connect/connect-real,connect/token-ends,http/guarded-http,discover/discover,identify/identify,list/list-real-objects,list/list-objects,list/list-revision}.test.ts",
  "packages/layout/src/factor/stability.test.ts",
  "packages/object-store/src/{folder,s3,wrappers}/**",
  "packages/snapshot/src/{kill,damage.random,snapshot.property,readme}.test.ts",
  "packages/snapshot/src/{mirror/two-mirrors,prune/prune-race,protection/sealed,protection/signed,writer/race}.test.ts",
];

/** What has a process for itself: it changes its environment, which certificates it trusts, or measures its memory. */
const ALONE = [
  "packages/git/**",
  "packages/git-platform/**",
  "packages/layout/src/read/tree/hostile.test.ts",
  "packages/model/src/peak-memory.test.ts",
  "packages/object-store/src/s3/tls.test.ts",
];

/** The test files of each project of vitest.config.ts; each file is in one of them. */
export interface TestFiles {
  /** They share a process: to start one for each and to load all packages there costs 1 to 2.4 s of processor time. */
  readonly quick: readonly string[];
  readonly slow: readonly string[];
  readonly quickAlone: readonly string[];
  readonly slowAlone: readonly string[];
}

/** Finds the test files below the root of the repository. */
export function findTestFiles(root: string): TestFiles {
  const files = globSync(TESTS, { cwd: root }).toSorted();
  const isIn = (file: string, globs: readonly string[]) => globs.some((glob) => matchesGlob(file, glob));
  const quick = files.filter((file) => !isIn(file, LEFT_OUT));
  const slow = files.filter((file) => isIn(file, LEFT_OUT));
  return {
    quick: quick.filter((file) => !isIn(file, ALONE)),
    slow: slow.filter((file) => !isIn(file, ALONE)),
    quickAlone: quick.filter((file) => isIn(file, ALONE)),
    slowAlone: slow.filter((file) => isIn(file, ALONE)),
  };
}
