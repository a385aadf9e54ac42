import type { JsonObject } from "@kubeferry/model";
import { expect, it } from "vitest";
import { hasNotBegun } from "./has-not-begun.ts";

it.each<[string, JsonObject, boolean]>([
  ["that was just made", { metadata: { name: "one" } }, true],
  ["whose Pod was made", { metadata: {}, status: { startTime: "2026-03-01T02:00:08Z" } }, false],
  ["that ended or was suspended", { metadata: {}, status: { conditions: [{ type: "Complete" }] } }, false],
  ["that is being removed", { metadata: { deletionTimestamp: "2026-03-01T02:00:08Z" } }, false],
])("a Job %s: will it read the snapshot too", (_, job, answer) => {
  expect(hasNotBegun(job)).toBe(answer);
});
