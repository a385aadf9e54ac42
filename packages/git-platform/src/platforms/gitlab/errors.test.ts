import { expect, it } from "vitest";
import { explainGitLab } from "./errors.ts";

const REQUESTS = "/projects/acme%2Ffleet/merge_requests";

it.each([
  ["POST", REQUESTS, 403, '{"error":"insufficient_scope","scope":"api"}', "denied", "the token lacks a scope"],
  ["POST", REQUESTS, 409, "", "conflict", "a request for this branch is already open"],
  ["PUT", `${REQUESTS}/1/merge`, 405, "", "invalid", "the host cannot merge the request by itself"],
  ["PUT", `${REQUESTS}/1/merge`, 422, "", "invalid", "the branches conflict"],
  ["PUT", `${REQUESTS}/1/merge`, 409, "", "conflict", "the branch has another newest commit than was pushed"],
  ["POST", `${REQUESTS}/1/cancel_merge_when_pipeline_succeeds`, 401, "", "denied", "may not take auto-merge back"],
] as const)("%s %s answered with %i %s is %s: %s", (method, path, status, text, kind, problem) => {
  const meaning = explainGitLab({ status, text, headers: {} }, { method, path, operation: "test" });
  expect(meaning).toMatchObject({ kind, problem: expect.stringContaining(problem) });
});

it("leaves what the status says by itself to the status", () => {
  const request = { method: "PUT", path: `${REQUESTS}/1`, operation: "test" } as const;
  expect(explainGitLab({ status: 409, text: "", headers: {} }, request)).toBeUndefined();
  expect(explainGitLab({ status: 403, text: "403 Forbidden", headers: {} }, request)).toBeUndefined();
});
