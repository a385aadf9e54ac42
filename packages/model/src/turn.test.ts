import { expect, it } from "vitest";
import { createTurns } from "./turn.ts";

it("lets a timer have its turn in work that never waits", async () => {
  const seen = { timer: false };
  setTimeout(() => {
    seen.timer = true;
  }, 1);
  const turn = createTurns();
  // Awaiting what is settled already keeps everybody else waiting: without a turn this would not end.
  for (let step = 0; !seen.timer && step < 50_000_000; step++) await turn();
  expect(seen.timer).toBe(true);
});
