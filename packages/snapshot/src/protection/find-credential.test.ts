import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { findCredential } from "./find-credential.ts";

function lineWith(text: string): Buffer {
  return Buffer.from(JSON.stringify({ kind: "ConfigMap", data: { "app.conf": text } }));
}

const BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7";

// Put together from halves, so that no scanner takes this file for a leak.
const FOUND: readonly (readonly [string, string])[] = [
  ["private-key", `-----BEGIN ${"PRIVATE"} KEY-----\n${BODY}\n-----END PRIVATE KEY-----\n`],
  ["private-key", `-----BEGIN RSA ${"PRIVATE"} KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n`],
  ["private-key", `-----BEGIN OPENSSH ${"PRIVATE"} KEY-----\n${BODY}`],
  ["private-key", `-----BEGIN PGP ${"PRIVATE"} KEY BLOCK-----\n\n${BODY}`],
  ["private-key", JSON.stringify({ key: `-----BEGIN EC ${"PRIVATE"} KEY-----\n${BODY}` })],
  ["age-identity", `AGE-SECRET-${"KEY"}-1${"QPZRY9X8GF2T".repeat(5)}`],
  [
    "aws-access-key",
    `[default]\naws_access_key_id = AKIA${"ABCDEFGH23456789"}\nsecret = ${"wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz9876abcd"}\n`,
  ],
  ["github-token", `token: ghp_${"a1B2".repeat(9)}`],
  ["github-token", `github_pat_${"11ABCDEFG0".repeat(7)}`],
  ["gitlab-token", `glpat-${"x1y2z".repeat(4)}`],
  ["openshift-token", `oc login --token=sha256~${"aB3-_".repeat(8)}abc`],
  ["slack-token", `xoxb-${"123456789012"}-${"abcdefghijkl"}`],
  ["vault-token", `hvs.${"CAESIJ12".repeat(4)}`],
  ["json-web-token", `Bearer eyJhbGciOiJSUzI1NiIs.eyJzdWIiOiJzeXN0ZW06.${"c2lnbmF0dXJl".repeat(3)}`],
];

const HARMLESS: readonly (readonly [string, string])[] = [
  ["the heading of a key in documentation", "PEM, begins with -----BEGIN PRIVATE KEY----- and ends with …"],
  ["a certificate", `-----BEGIN CERTIFICATE-----\n${BODY}\n-----END CERTIFICATE-----`],
  ["the id of an access key alone", `AKIA${"ABCDEFGH23456789"}`],
  ["the id of an access key beside a commit", `AKIA${"ABCDEFGH23456789"} 356a192b7913b04c54574d18c28d46e6395428ab`],
  ["a token's name", "use ghp_… or glpat-… here; xoxb-token"],
  ["an age recipient", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"],
  ["an image digest", `quay.io/app@sha256:${"ab12".repeat(16)}`],
  ["the first half of a web token", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9"],
];

describe("what looks like a credential", () => {
  it.each(FOUND)("finds a %s", (kind, text) => {
    expect(findCredential(lineWith(text))).toBe(kind);
    expect(findCredential(lineWith(`first line\n${text}`)), "at the start of a line").toBe(kind);
    const applied = JSON.stringify({ metadata: { annotations: { applied: lineWith(text).toString("utf8") } } });
    expect(findCredential(Buffer.from(applied))).toBe(kind);
  });

  it.each(HARMLESS)("lets %s pass", (_name, text) => {
    expect(findCredential(lineWith(text))).toBeUndefined();
  });

  it("finds the same in a text as in its bytes", () => {
    for (const [, text] of FOUND) {
      for (const around of ["", "ä", "\u2028", "à ", "\ud800"]) {
        const whole = `${around}${text}${around}`;
        expect(findCredential(whole)).toBe(findCredential(Buffer.from(whole, "utf8")));
      }
    }
    for (const [, text] of HARMLESS) expect(findCredential(text)).toBeUndefined();
  });

  it("takes no longer for text that is made to match nearly everywhere", () => {
    const nearly = ["eyJ", "-----BEGIN ", "AKIAABCDEFGH23456789 ", ".eyJaaaaaaaaaaaa", "ghp_", "\\n"];
    const text = nearly.map((part) => part.repeat(Math.ceil(200_000 / part.length))).join(" PRIVATE KEY ");
    const begin = process.cpuUsage().user;
    expect(findCredential(Buffer.from(text))).toBeUndefined();
    expect((process.cpuUsage().user - begin) / 1e6).toBeLessThan(5);
  });
});
