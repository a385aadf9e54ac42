import type { JsonObject } from "@kubeferry/model";
import { secret, withMetadata } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { createSecretValues } from "./secret-values.ts";

const PLANTED = "hunter2-planted";

function valuesOf(...secrets: readonly JsonObject[]) {
  const values = createSecretValues();
  for (const each of secrets) values.learn(each);
  return values;
}

describe("the clear values of Secrets", () => {
  it("are found wherever a text holds one, in base64 too, with or without the line feed at its end", () => {
    const values = valuesOf(secret("shop/db", { password: `${PLANTED}\n` }));
    expect(values.isIn(`postgres://db:${PLANTED}@db/shop`)).toBe(true);
    expect(values.isIn(Buffer.from(PLANTED).toString("base64"))).toBe(true);
    expect(values.isIn(Buffer.from(`${PLANTED}\n`).toString("base64"))).toBe(true);
    expect(values.isIn("hunter2-plante")).toBe(false);
  });

  it("are found inside of what is in base64, whatever stands before and behind, and inside JSON and addresses", () => {
    const value = 'p"4ss/word\nof two lines';
    const values = valuesOf(secret("shop/db", { password: value, short: "Tr0ub4do" }));
    for (const held of [value, "Tr0ub4do"]) {
      for (const before of ["", "u", "us", "user:"]) {
        for (const behind of ["", "1", "22", "333"]) {
          const text = Buffer.from(`${before}${held}${behind}`).toString("base64");
          expect(values.isIn(`Authorization: Basic ${text}`), `${before}…${behind}`).toBe(true);
        }
      }
    }
    expect(values.isIn(JSON.stringify({ db: { password: value } }))).toBe(true);
    expect(values.isIn(`postgres://db:${encodeURIComponent(value)}@db/shop`)).toBe(true);
    expect(values.isIn(Buffer.from("user:another-pass").toString("base64"))).toBe(false);
  });

  it("include those that kubectl's copy of its input holds", () => {
    const applied = { kind: "Secret", stringData: { password: PLANTED } };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) };
    expect(valuesOf(withMetadata(secret("shop/db", {}), { annotations })).isIn(PLANTED)).toBe(true);
  });

  it("are not looked for when they are everywhere anyway: words, numbers, short texts, certificates", () => {
    const certificate = "-----BEGIN CERTIFICATE-----\nMIIB8zCCAZmgAwIBAgI\n-----END CERTIFICATE-----\n";
    const common = { user: "postgres", port: "5432", short: "a1!", "ca.crt": certificate };
    const values = valuesOf(secret("shop/db", common));
    for (const text of Object.values(common)) expect(values.isIn(`x ${text} y`)).toBe(false);
  });

  it("include a private key, and of a token Secret only the token", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nMIIB8zCCAZmgAwIBAgI\n-----END PRIVATE KEY-----";
    expect(valuesOf(secret("shop/tls", { "tls.key": key })).isIn(`key: ${key}`)).toBe(true);
    const parts = { namespace: "a-rather-long-namespace-2", token: "eyJhbGciOi.abc.def" };
    const token = valuesOf(secret("shop/t", parts, "kubernetes.io/service-account-token"));
    expect(token.isIn(parts.namespace)).toBe(false);
    expect(token.isIn(parts.token)).toBe(true);
  });
});
