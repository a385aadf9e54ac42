import fc from "fast-check";
import { expect, it } from "vitest";
import { suspicionOf } from "./key-names.ts";

const ALONE = ["password", "PGPASSWORD", "passwd", "passphrase", "pwd", "pw", "rootpw", "connectionString"];
const OFTEN = ["credential", "credentials", "auth", "Authorization", "token", "TOKEN", "secret", "secret-key-base"];
const OF_KEYS = ["api", "secret", "access", "private", "account", "master", "encryption", "signing"];

it("tells names of credentials, however they are written and whatever stands before them", () => {
  const name = fc.oneof(
    fc.constantFrom(...ALONE, ...OFTEN),
    fc
      .tuple(fc.constantFrom(...OF_KEYS), fc.constantFrom("key", "Key", "-key", "_KEY", ".key", " key"))
      .map(([of, key]) => `${of}${key}`),
  );
  const before = fc.constantFrom("", "spring.datasource.", "db-", "MY_", "a/b/");
  fc.assert(
    fc.property(before, name, fc.constantFrom("", "2", "-17", "_3"), (start, word, number) => {
      expect(suspicionOf(`${start}${word}${number}`)).not.toBe("none");
    }),
  );
});

it("knows a k by every sign for it", () => {
  // The sign for kelvin is a k once it is in lower case.
  expect(suspicionOf("API_\u212aEY")).toBe("often");
  expect(suspicionOf("TO\u212aEN")).toBe("often");
});

it("says nothing of ordinary names", () => {
  for (const name of ["key", "path", "bypass-mode", "keyboard", "author", "monkey", "publicKey", "hostname"]) {
    expect(suspicionOf(name)).toBe("none");
  }
});
