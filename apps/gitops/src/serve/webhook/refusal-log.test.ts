import type { LogFields } from "@kubeferry/model";
import { expect, it } from "vitest";
import { handClock } from "../testing/hand-clock.ts";
import { createRefusalLog } from "./refusal-log.ts";

it("writes few lines of one address in a second, then how many there were, and all of another address", async () => {
  const lines: string[] = [];
  const note = (message: string, fields: LogFields = {}): void => {
    lines.push(`${message}: ${fields.target ?? fields.from} ${fields.reason ?? fields.refused}`);
  };
  const clock = handClock();
  const log = { debug: note, info: note, warn: note, error: note };
  const refusals = createRefusalLog(log, clock, new AbortController().signal);
  const forged = { event: "call-refused", reason: "forged", from: "10.0.0.1" } as const;
  for (let call = 0; call < 200; call++) refusals.say(forged);
  refusals.say({ event: undefined, reason: "event", from: "10.0.0.2" });
  const five = Array.from({ length: 5 }, () => "refused: 10.0.0.1 forged");
  expect(lines).toEqual([...five, "call refused: 10.0.0.2 event"]);
  await clock.advance(1_000);
  expect(lines.slice(6)).toEqual(["more was refused than is written: 10.0.0.1 195"]);
  refusals.say(forged);
  expect(lines.slice(7)).toEqual(["refused: 10.0.0.1 forged"]);
});
