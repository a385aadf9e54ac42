import { Secret, webhookKeyText } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { signCall } from "./sign.ts";
import { checkCall } from "./verify.ts";

const OLD = new Secret(webhookKeyText(Buffer.alloc(32, 1)));
const NEW = new Secret(webhookKeyText(Buffer.alloc(32, 2)));
const STRANGE = new Secret(webhookKeyText(Buffer.alloc(32, 3)));
const SENT = new Date("2026-03-01T02:00:00Z");
const BODY = Buffer.from('{"specversion":"1.0"}');

interface Changes {
  readonly id?: string;
  readonly seconds?: string;
  readonly signature?: string;
  readonly body?: Buffer;
  readonly keys?: readonly Secret[];
  readonly now?: Date;
}

/** A call that is in order but for what is changed. */
function check(changes: Changes) {
  const signed = { id: "a1b2-c3", timestamp: SENT, body: BODY };
  const headers = {
    "webhook-id": changes.id ?? signed.id,
    "webhook-timestamp": changes.seconds ?? "1772330400",
    "webhook-signature": changes.signature ?? signCall(signed, OLD),
  };
  const { body = BODY, keys = [OLD], now = SENT } = changes;
  return checkCall({ headers, body, keys, now, toleranceMs: 300_000 });
}

const failsAs = (kind: string) => expect.objectContaining({ kind });

describe("checking a call", () => {
  it("takes one that a known key signed, and says its id", () => {
    expect(check({})).toEqual({ id: "a1b2-c3" });
  });

  it("takes the signatures of an old and a new key while keys are exchanged, in any order", () => {
    const signed = { id: "a1b2-c3", timestamp: SENT, body: BODY };
    const both = `${signCall(signed, NEW)} ${signCall(signed, OLD)}`;
    expect(check({ keys: [NEW, OLD] }).id).toBe("a1b2-c3");
    expect(check({ signature: both, keys: [OLD] }).id).toBe("a1b2-c3");
    expect(check({ signature: both, keys: [NEW] }).id).toBe("a1b2-c3");
  });

  it.each([
    ["another body", { body: Buffer.from('{"specversion":"1.1"}') }],
    ["another id", { id: "a1b2-c4" }],
    ["another time", { seconds: "1772330401" }],
    ["a key that is not known", { keys: [STRANGE] }],
    ["no key at all", { keys: [] }],
    [
      "a signature that is cut off",
      { signature: signCall({ id: "a1b2-c3", timestamp: SENT, body: BODY }, OLD).slice(0, 30) },
    ],
  ])("refuses %s as forged", (_, changes) => {
    expect(() => check(changes)).toThrow(failsAs("forged"));
  });

  it.each([
    ["no id", { id: "" }],
    ["an id with a dot, which could stand for another time and body", { id: "a.1" }],
    ["a time that is none", { seconds: "soon" }],
    ["a time of the right number that is written in another way", { seconds: "01772330400" }],
    ["a time with an exponent", { seconds: "17723304e2" }],
    ["a time with a sign", { seconds: "+1772330400" }],
    ["a time before 1970", { seconds: "-1" }],
    ["no signature", { signature: "" }],
    ["a signature of another kind alone", { signature: "v1a,AAAA" }],
  ])("refuses %s as unsigned", (_, changes) => {
    expect(() => check(changes)).toThrow(failsAs("unsigned"));
  });

  it.each([
    ["older", "2026-03-01T02:05:01Z"],
    ["younger", "2026-03-01T01:54:59Z"],
  ])("refuses a signed call that is %s than the tolerance", (_, now) => {
    expect(() => check({ now: new Date(now) })).toThrow(failsAs("late"));
  });

  it("takes one at the edge of the tolerance", () => {
    expect(check({ now: new Date("2026-03-01T02:05:00Z") }).id).toBe("a1b2-c3");
  });

  it("does not tell the own clock to whoever has no key", () => {
    expect(() => check({ keys: [STRANGE], now: new Date("2030-01-01T00:00:00Z") })).toThrow(failsAs("forged"));
  });
});
