import { Buffer } from "node:buffer";
import { Secret } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "./redactor.ts";

function redacted(secret: string, text: string): string {
  const redactor = createRedactor();
  redactor.add(new Secret(secret));
  return redactor.text(text);
}

describe("a registered secret", () => {
  it("is replaced wherever it stands in a text", () => {
    expect(redacted("s3cr3t-k", "sent s3cr3t-k to minio, then s3cr3t-k again")).toBe(
      "sent *** to minio, then *** again",
    );
  });

  it("is replaced in a JSON string, where its quotes and line ends are escaped", () => {
    expect(redacted('pass"word\nline', `body ${JSON.stringify({ p: 'pass"word\nline' })}`)).toBe('body {"p":"***"}');
  });

  it("is replaced however a URL encodes it", () => {
    const secret = "a b/c+d'e~f";
    const url = new URL("http://h/");
    url.password = secret;
    for (const encoded of [
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      new URLSearchParams({ q: secret }).toString().slice(2),
      url.password,
    ]) {
      expect(redacted(secret, `GET /x/${encoded}/y`)).toBe("GET /x/***/y");
    }
  });

  it("is replaced in base64, alone and as the password of basic authentication", () => {
    expect(redacted("hunter2!", `value ${Buffer.from("hunter2!").toString("base64")} end`)).toBe("value *** end");
    for (const user of ["u", "me", "bot", "ferry"]) {
      const header = Buffer.from(`${user}:hunter2!`).toString("base64");
      expect(redacted("hunter2!", `Authorization: Basic ${header}`)).toBe("Authorization: Basic ***");
    }
  });

  it("does not come out of any longer text in base64, whatever stands around it", () => {
    const part = fc.string({ maxLength: 12 });
    const secrets = fc.string({ minLength: 6, maxLength: 40 }).filter((secret) => secret.trim().length >= 6);
    fc.assert(
      fc.property(
        part,
        secrets,
        part,
        fc.constantFrom("base64" as const, "base64url" as const),
        (before, secret, after, kind) => {
          const text = redacted(secret, Buffer.from(before + secret + after).toString(kind));
          // Most digits that are the secret's own are gone: what is left on both sides does not hold it.
          expect(text).toContain("***");
          for (const rest of text.split("***")) expect(Buffer.from(rest, kind).toString()).not.toContain(secret.trim());
        },
      ),
    );
  });

  it("is replaced line by line when it is a key file, also when the lines are indented", () => {
    const key = "-----BEGIN KEY-----\nAAAABBBBCCCC1111\nDDDDEEEEFFFF2222\n-----END KEY-----\n";
    expect(redacted(key, "dump:\n    DDDDEEEEFFFF2222\n")).toBe("dump:\n    ***\n");
  });

  it("is taken literally, not as a pattern", () => {
    expect(redacted("a.*b[c]$", "axxb a.*b[c]$")).toBe("axxb ***");
  });

  it("does not hide everything when it is empty", () => {
    expect(redacted("", "plain text")).toBe("plain text");
  });
});

describe("credentials nobody registered", () => {
  const redactor = createRedactor();

  it("are taken out of URLs, and the rest of the URL stays readable", () => {
    expect(redactor.text(`push to https://${["bot", "t0ken"].join(":")}@git.example.com/a/b.git failed`)).toBe(
      "push to https://***@git.example.com/a/b.git failed",
    );
    expect(redactor.text("GET /b/k?X-Amz-Signature=abc123&list-type=2&access_token=xyz")).toBe(
      "GET /b/k?X-Amz-Signature=***&list-type=2&access_token=***",
    );
  });

  it("are taken out of HTTP authentication, and prose about it stays", () => {
    expect(redactor.text("authorization: Bearer eyJhbGciOi.J9.x")).toBe("authorization: Bearer ***");
    expect(redactor.text("the host takes no basic authentication, use a bearer credential")).toBe(
      "the host takes no basic authentication, use a bearer credential",
    );
  });
});
