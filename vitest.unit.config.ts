import { mergeConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** What `npm run check` leaves to `npm test`: tests that need a server, start many processes, or take seconds. */
const LEFT_OUT = [
  "**/node_modules/**",
  "**/e2e/**",
  "examples/**",
  "**/*.server.test.ts",
  "testbed/**",
  "packages/clean/src/{clean.kube,kustomize}.test.ts",
  "packages/clean/src/yaml/emit.go.test.ts",
  "packages/git/src/{gitea,work-tree,readme}.test.ts",
  "packages/git-platform/src/platforms/**",
  "packages/kube/src/{readme,real-api}.test.ts",
  "packages/kube/src/{connect/connect-real,discover/discover,identify/identify,list/list-real-objects,list/list-objects}.test.ts",
  "packages/object-store/src/{folder,s3,wrappers}/**",
  "packages/snapshot/src/{kill,damage.random,snapshot.property,readme}.test.ts",
  "packages/snapshot/src/{mirror/two-mirrors,protection/sealed,protection/signed,writer/race}.test.ts",
];

export default mergeConfig(config, { test: { exclude: LEFT_OUT } });
