import { expect, it } from "vitest";
import { allOrFirstReason } from "./all-or-first-reason.ts";

it("gives what all came to, in their order", async () => {
  await expect(allOrFirstReason([later("a", 2), "b", later("c", 1)])).resolves.toEqual(["a", "b", "c"]);
});

it("names the first in the list that failed, not the first in time, and only once all have ended", async () => {
  const ended: string[] = [];
  const failing = async (reason: string, ms: number) => {
    await later(reason, ms);
    ended.push(reason);
    throw new Error(reason);
  };
  await expect(allOrFirstReason([later("a", 1), failing("b", 20), failing("c", 1)])).rejects.toThrow("b");
  expect(ended).toEqual(["c", "b"]);
});

function later(text: string, ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(text), ms));
}
