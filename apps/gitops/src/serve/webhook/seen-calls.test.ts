import { expect, it } from "vitest";
import { createSeenCalls } from "./seen-calls.ts";

const CALL = { id: "a", timestamp: "1700000000" };

it("knows a call for as long as its signature counts", () => {
  const seen = createSeenCalls();
  expect(seen.see(CALL, 0, 600_000)).toBe("first");
  expect(seen.see({ ...CALL, id: "b" }, 1, 600_000)).toBe("first");
  expect(seen.see(CALL, 599_999, 600_000)).toBe("replayed");
  expect(seen.see({ ...CALL, id: "b" }, 700_000, 600_000)).toBe("first");
});

it("tells a sender's next try from the same message once more", () => {
  const seen = createSeenCalls();
  seen.see(CALL, 0, 600_000);
  const again = { ...CALL, timestamp: "1700000002" };
  expect(seen.see(again, 2_000, 600_000)).toBe("repeated");
  expect(seen.see(again, 2_000, 600_000)).toBe("replayed");
});

it("forgets the oldest of very many", () => {
  const seen = createSeenCalls();
  for (let call = 0; call <= 20_000; call++) seen.see({ id: String(call), timestamp: "1" }, 0, 600_000);
  expect(seen.see({ id: "20000", timestamp: "1" }, 1, 600_000)).toBe("replayed");
  expect(seen.see({ id: "0", timestamp: "1" }, 1, 600_000)).toBe("first");
});
