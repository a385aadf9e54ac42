import { Secret } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { signCall } from "./sign.ts";

const KEY = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

function call(body: string) {
  return { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: new Date(1_614_265_330_000), body: Buffer.from(body) };
}

describe("the signature of a call", () => {
  it("is what the reference implementation of Standard Webhooks makes of the same call", () => {
    expect(signCall(call('{"test": 2432232314}'), KEY)).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("takes a key as it stands in a file, line feed and all", () => {
    const fromFile = new Secret(`${KEY.reveal()}\n`);
    expect(signCall(call("{}"), fromFile)).toBe(signCall(call("{}"), KEY));
  });

  it.each([
    ["no prefix", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    ["too short", "whsec_c2hvcnQ="],
    ["not base64", `whsec_${"!".repeat(32)}`],
    ["too long", `whsec_${Buffer.alloc(65).toString("base64")}`],
  ])("is not made with a key that is none, which the message does not show: %s", (_, text) => {
    const sign = () => signCall(call("{}"), new Secret(text));
    expect(sign).toThrow(expect.objectContaining({ kind: "key" }));
    expect(sign).not.toThrow(text);
  });
});
