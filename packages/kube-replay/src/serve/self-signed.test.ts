import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { selfSigned } from "./self-signed.ts";

it("makes a certificate for loopback alone, signed by its own key, good for a year", () => {
  const { key, certificate } = selfSigned(new Date("2026-11-21T06:00:00Z"));
  const read = new X509Certificate(certificate);
  expect(read.subjectAltName).toBe("IP Address:127.0.0.1, DNS:localhost");
  expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(read.verify(read.publicKey)).toBe(true);
  expect([read.subject, read.issuer]).toEqual(["CN=kubeferry browse", "CN=kubeferry browse"]);
  expect(read.validFromDate).toEqual(new Date("2026-11-21T05:00:00Z"));
  expect(read.validToDate).toEqual(new Date("2027-11-21T06:00:00Z"));
  expect(BigInt(`0x${read.serialNumber}`)).toBeGreaterThan(0n);
});
