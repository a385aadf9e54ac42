import { expect, it } from "vitest";
import { explainAzure } from "./errors.ts";

it.each([
  [403, "TF401027: You need the Git 'PullRequestContribute' permission", "denied", /"Contribute to pull requests"/],
  [403, "TF401027: You need the Git 'GenericContribute' permission", "denied", /"Contribute" is missing/],
  [400, '{"typeKey":"VssVersionOutOfRangeException"}', "invalid", /older than version 7\.1/],
  [409, "TF401179: An active pull request already exists", "conflict", /already open/],
  [404, "TF401019: The Git repository does not exist", "not-found", /does not know the project or the repository/],
  [404, "TF200016: The following project does not exist", "not-found", /does not know the project or the repository/],
  [400, "TF401398: no longer exists", "not-found", /one of the two branches/],
] as const)("%i with %s is %s", (status, text, kind, problem) => {
  expect(explainAzure({ status, text, headers: {} })).toMatchObject({
    kind,
    problem: expect.stringMatching(problem),
  });
});

it("leaves what the status says by itself to the status", () => {
  expect(explainAzure({ status: 409, text: "TF400733: changed meanwhile", headers: {} })).toBeUndefined();
  expect(explainAzure({ status: 302, text: "", headers: { location: "https://example.com/moved" } })).toBeUndefined();
});
