import { Secret } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSigningKeys, type SigningNames, signatureHeaders } from "./signature.ts";

const AMAZON: SigningNames = {
  algorithm: "AWS4-HMAC-SHA256",
  keyPrefix: "AWS4",
  service: "s3",
  ending: "aws4_request",
  headerPrefix: "x-amz-",
};

function keysOf(accessKey: string, secretKey: string) {
  return { accessKey: new Secret(accessKey), secretKey: new Secret(secretKey) };
}

describe("signatureHeaders", () => {
  it("gives the signature that AWS publishes for the download of a range", () => {
    // Amazon S3 API, "Authenticating Requests: Using the Authorization Header", example "GET Object".
    const keys = keysOf("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    const headers = { host: "examplebucket.s3.amazonaws.com", range: "bytes=0-9" };
    const request = { method: "GET", path: "/test.txt", query: "", headers, body: new Uint8Array() };
    const by = { keys, region: "us-east-1", at: new Date("2013-05-24T00:00:00Z") };
    expect(signatureHeaders(request, by, AMAZON).authorization).toContain(
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });
});

describe("createSigningKeys", () => {
  it("signs as if every request derived its key anew, whatever day, region and secret come next", () => {
    const secrets = ["one", "two"].map((text) => keysOf("key", text));
    const step = fc.record({
      keys: fc.constantFrom(...secrets, keysOf("key", "one")),
      region: fc.constantFrom("us-east-1", "eu-central-1"),
      at: fc.constantFrom("2026-01-01T00:00:00Z", "2026-01-01T23:59:59Z", "2026-01-02T00:00:00Z"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const kept = createSigningKeys();
        for (const { keys, region, at } of steps) {
          const request = { method: "PUT", path: "/b/k", query: "", headers: { host: "h" }, body: new Uint8Array(3) };
          const by = { keys, region, at: new Date(at) };
          expect(signatureHeaders(request, by, AMAZON, kept)).toEqual(signatureHeaders(request, by, AMAZON));
        }
      }),
    );
  });
});
