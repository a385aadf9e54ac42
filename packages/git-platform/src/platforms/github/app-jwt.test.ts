import { generateKeyPairSync, verify } from "node:crypto";
import { Secret } from "@kubeferry/model";
import { expect, it } from "vitest";
import { appJwt, readAppKey } from "./app-jwt.ts";

const PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = PAIR.privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const NOON = Date.UTC(2026, 0, 2, 12);

it("an App says who it is for nine minutes, dated back one for clocks that differ", () => {
  const [header = "", claims = "", signature = ""] = appJwt("Iv1.abc", readAppKey(new Secret(PEM)), NOON).split(".");
  const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(decoded(header)).toEqual({ alg: "RS256", typ: "JWT" });
  expect(decoded(claims)).toEqual({ iat: NOON / 1000 - 60, exp: NOON / 1000 + 540, iss: "Iv1.abc" });
  const signed = Buffer.from(`${header}.${claims}`);
  expect(verify("RSA-SHA256", signed, PAIR.publicKey, Buffer.from(signature, "base64url"))).toBe(true);
});

it("an App's key may come from an environment variable, with its line ends written out", () => {
  expect(readAppKey(new Secret(PEM.replaceAll("\n", "\\n"))).asymmetricKeyType).toBe("rsa");
});

it.each([
  ["a certificate's text", "-----BEGIN CERTIFICATE-----\ns3cret\n-----END CERTIFICATE-----\n", "it is no private key"],
  [
    "a key of another kind",
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    "it is no RSA key",
  ],
])("%s is refused as an App's key, and not repeated", (_what, pem, problem) => {
  expect(() => readAppKey(new Secret(pem))).toThrow(problem);
  expect(() => readAppKey(new Secret(pem))).not.toThrow(pem.split("\n")[1] ?? "");
});
