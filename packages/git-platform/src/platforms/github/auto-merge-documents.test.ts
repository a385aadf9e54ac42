import { validate } from "@octokit/graphql-schema";
import { expect, it } from "vitest";
import { DISABLE_AUTO_MERGE, ENABLE_AUTO_MERGE, LOOK_AT_MERGE } from "./auto-merge-documents.ts";

it.each([
  ["what decides about a merge", LOOK_AT_MERGE],
  ["auto-merge", ENABLE_AUTO_MERGE],
  ["taking it back", DISABLE_AUTO_MERGE],
])("GitHub's published schema has what is asked for %s", (_what, document) => {
  expect(validate(document)).toEqual([]);
});
