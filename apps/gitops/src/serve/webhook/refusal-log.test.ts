import type { LogFields } from "@kubeferry/model";
import { createSecurityEventCounter } from "@kubeferry/telemetry";
import { describe, expect, it } from "vitest";
import { handClock } from "../testing/hand-clock.ts";
import { createRefusalLog } from "./refusal-log.ts";

const FORGED = { event: "call-refused", reason: "forged", from: "10.0.0.1" } as const;

function opened() {
  const lines: string[] = [];
  const counter = createSecurityEventCounter();
  const note = (message: string, fields: LogFields = {}): void => {
    counter.see(fields);
    lines.push(`${message}: ${fields.target ?? fields.from} ${fields.events ?? fields.refused ?? fields.reason}`);
  };
  const clock = handClock();
  const log = { debug: note, info: note, warn: note, error: note };
  const stop = new AbortController();
  return { lines, clock, stop, counts: counter.counts, refusals: createRefusalLog(log, clock, stop.signal) };
}

describe("what is refused", () => {
  it("is few lines of one address in a second, then how many there were, and all of another address", async () => {
    const { lines, clock, refusals } = opened();
    for (let call = 0; call < 200; call++) refusals.say(FORGED);
    refusals.say({ event: undefined, reason: "event", from: "10.0.0.2" });
    const five = Array.from({ length: 5 }, () => "refused: 10.0.0.1 forged");
    expect(lines).toEqual([...five, "call refused: 10.0.0.2 event"]);
    await clock.advance(1_000);
    expect(lines.slice(6)).toEqual(["more was refused than is written: 10.0.0.1 195"]);
    refusals.say(FORGED);
    expect(lines.slice(7)).toEqual(["refused: 10.0.0.1 forged"]);
  });

  it("counts every time, written or not, each kind by itself, and mistakes as none", async () => {
    const { clock, counts, refusals } = opened();
    for (let call = 0; call < 200; call++) {
      refusals.say(FORGED);
      refusals.say({ ...FORGED, event: "client-refused" });
      refusals.say({ ...FORGED, event: undefined });
    }
    await clock.advance(1_000);
    expect(counts()).toEqual({ "call-refused": 200, "client-refused": 200 });
  });

  it("counts every time from more addresses than are told apart", async () => {
    const { lines, clock, counts, refusals } = opened();
    for (let address = 0; address < 600; address++) refusals.say({ ...FORGED, from: `10.0.1.${address}` });
    await clock.advance(1_000);
    expect(lines.at(-1)).toBe("more was refused than is written: other addresses 95");
    expect(counts()).toEqual({ "call-refused": 600 });
  });

  it("is counted to the last one when the receiver stops before the second is over", async () => {
    const { counts, clock, stop, refusals } = opened();
    for (let call = 0; call < 9; call++) refusals.say(FORGED);
    stop.abort();
    await clock.advance(0);
    expect(counts()).toEqual({ "call-refused": 9 });
  });
});
