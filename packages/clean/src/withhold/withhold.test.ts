import { Buffer } from "node:buffer";
import type { JsonObject } from "@kubeferry/model";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWithheld, withholdSecret } from "./withhold.ts";

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const withheld = (line: string) => withholdSecret(Buffer.from(line, "utf8")).toString("utf8");
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
const MARK = '"kubeferry.io/withheld":"values"';

function secretLine(annotations: JsonObject, more: JsonObject = {}): string {
  const metadata = { name: "db", namespace: "shop", annotations };
  return JSON.stringify({ kind: "Secret", apiVersion: "v1", metadata, data: { password: base64("hunter2") }, ...more });
}

function annotationsOf(line: string): JsonObject {
  return (JSON.parse(withheld(line)) as { metadata: { annotations: JsonObject } }).metadata.annotations;
}

describe("withholdSecret", () => {
  it("keeps everything but the values, byte for byte and in its order", () => {
    const line =
      `{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","generation":12345678901234567890,` +
      `"annotations":{"z":"\\u003ckept\\u003e","${LAST_APPLIED}":"{\\"data\\":{\\"password\\":\\"aHVudGVyMg==\\"}}"},` +
      `"managedFields":[{"fieldsV1":{"f:data":{"f:10":{}}}}]},"data":{"b":"aHVudGVyMg==","10":"eA==","a":""},` +
      `"stringData":{"c":"clear text"},"immutable":true,"type":"Opaque"}`;
    expect(withheld(line)).toBe(
      `{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","generation":12345678901234567890,` +
        `"annotations":{"z":"\\u003ckept\\u003e",${MARK}},` +
        `"managedFields":[{"fieldsV1":{"f:data":{"f:10":{}}}}]},"data":{"b":"","10":"","a":""},` +
        `"stringData":{"c":""},"immutable":true,"type":"Opaque"}`,
    );
  });

  it("marks a Secret without annotations, without metadata and without data", () => {
    expect(withheld('{"kind":"Secret","metadata":{"name":"x"},"data":null}')).toBe(
      `{"kind":"Secret","metadata":{"name":"x","annotations":{${MARK}}},"data":null}`,
    );
    expect(withheld('{"kind":"Secret"}')).toBe(`{"kind":"Secret","metadata":{"annotations":{${MARK}}}}`);
    expect(withheld('{"kind":"Secret","metadata":{"labels":null,"annotations":null}}')).toBe(
      `{"kind":"Secret","metadata":{"labels":null,"annotations":{${MARK}}}}`,
    );
  });

  it("empties annotations that repeat a value: clear, in base64 of any kind, escaped, inside JSON inside JSON", () => {
    const value = 'p"ss\n<wörd>?>~';
    const secret = { data: { key: base64(`${value}\n`) } };
    const embedded = JSON.stringify({ config: JSON.stringify({ key: value }) });
    const copies = {
      clear: `before ${value} after`,
      base64: base64(`${value}\n`),
      unpadded: base64(`${value}\n`).replace(/=+$/, ""),
      urlSafe: base64(`${value}\n`).replaceAll("+", "-").replaceAll("/", "_"),
      json: JSON.stringify({ key: value }),
      goJson: JSON.stringify({ key: value }).replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
      embedded,
    };
    const kept = { note: "nothing secret", mail: "a@b" };
    const line = secretLine({ ...copies, ...kept }, secret);
    expect(annotationsOf(line)).toEqual({
      ...Object.fromEntries(Object.keys(copies).map((key) => [key, ""])),
      ...kept,
      "kubeferry.io/withheld": "values",
    });
  });

  it("empties annotations that repeat a value of stringData, also in base64", () => {
    const line = secretLine(
      { a: "x clear text x", b: base64("clear text"), c: "other" },
      { stringData: { k: "clear text" } },
    );
    expect(annotationsOf(line)).toMatchObject({ a: "", b: "", c: "other" });
  });

  it("leaves annotations alone that share three characters with a value", () => {
    expect(annotationsOf(secretLine({ a: "abc" }, { data: { k: base64("abc") } }))).toMatchObject({ a: "abc" });
  });

  it("empties a label that holds a whole token, and keeps one that shares a word with a value", () => {
    const data = { token: base64("s3cr3t-t0k3n-1"), database: base64("shop") };
    const labels = { token: "s3cr3t-t0k3n-1", app: "shop" };
    const line = JSON.stringify({ kind: "Secret", metadata: { name: "x", labels }, data });
    expect(JSON.parse(withheld(line))).toMatchObject({ metadata: { labels: { token: "", app: "shop" } } });
  });

  it("does not trust the mark: values beside it are taken out all the same", () => {
    const forged = secretLine({ "kubeferry.io/withheld": "values" });
    expect(isWithheld(JSON.parse(forged) as JsonObject)).toBe(false);
    expect(withheld(forged)).not.toContain(base64("hunter2"));
  });

  it("gives the same bytes when it is done twice", () => {
    fc.assert(
      fc.property(secret, (line) => {
        const once = withheld(line);
        expect(withheld(once)).toBe(once);
        expect(isWithheld(JSON.parse(once) as JsonObject)).toBe(true);
      }),
    );
  });

  it("lets no value of four or more characters through, in base64, clear or escaped", () => {
    fc.assert(
      fc.property(secret, (line) => {
        const out = withheld(line);
        const frame = withheld(withoutValues(line));
        for (const trace of formsOfValues(line)) {
          // A value may be a word that the Secret's frame holds anyway, such as "Opaque" or its own name.
          if (!frame.includes(trace)) expect(out).not.toContain(trace);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("refuses what is no JSON object without repeating any of it", () => {
    for (const line of ['{"data":{"a":"aHVudGVyMg=="', '["aHVudGVyMg=="]', "null", ""]) {
      const failed = thrownBy(() => withheld(line));
      expect(failed.message).toMatch(
        /^secrets: withhold the values of one line: invalid: the line is not one JSON object;/,
      );
      expect(`${failed.message}${failed.stack}${String(failed.cause)}`).not.toContain("aHVu");
    }
  });
});

describe("isWithheld", () => {
  it("tells a withheld Secret from one whose values are simply empty", () => {
    const empty: JsonObject = { kind: "Secret", metadata: { name: "x" }, data: { a: "" } };
    expect(isWithheld(empty)).toBe(false);
    expect(isWithheld(JSON.parse(withheld(JSON.stringify(empty))) as JsonObject)).toBe(true);
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

const value = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.stringMatching(/^["\\/<>&\n\t{}:, a-c]{3,10}$/),
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
);

/** Lines of Secrets whose annotations repeat their values in many ways. */
const secret = fc
  .record({
    data: fc.dictionary(fc.stringMatching(/^[a-z0-9.]{1,5}$/), value, { maxKeys: 4 }),
    stringData: fc.dictionary(fc.stringMatching(/^[a-z0-9.]{1,5}$/), value, { maxKeys: 2 }),
    copy: fc.constantFrom(
      (text: string) => text,
      (text: string) => `x${text}y`,
      (text: string) => text.trim(),
      base64,
      JSON.stringify,
      (text: string) => JSON.stringify({ a: JSON.stringify(text) }),
    ),
  })
  .map(({ data, stringData, copy }) => {
    const clear = [...Object.values(data), ...Object.values(stringData)];
    const copies = clear.map((text, index) => [`copy-${index}`, copy(text)]);
    const annotations = { [LAST_APPLIED]: JSON.stringify({ stringData, data }), ...Object.fromEntries(copies) };
    const encoded = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, base64(text)]));
    const metadata = { name: "db", namespace: "shop", annotations };
    return JSON.stringify({ kind: "Secret", apiVersion: "v1", metadata, data: encoded, stringData, type: "Opaque" });
  });

interface Parsed {
  readonly metadata: { readonly annotations: Record<string, string> };
  readonly data: Record<string, string>;
  readonly stringData: Record<string, string>;
}

/** The same Secret with nothing secret in it. */
function withoutValues(line: string): string {
  const parsed = JSON.parse(line) as Parsed;
  const blank = (map: Record<string, string>) => Object.fromEntries(Object.keys(map).map((key) => [key, ""]));
  const metadata = { ...parsed.metadata, annotations: blank(parsed.metadata.annotations) };
  return JSON.stringify({ ...parsed, metadata, data: blank(parsed.data), stringData: blank(parsed.stringData) });
}

function formsOfValues(line: string): string[] {
  const { data, stringData } = JSON.parse(line) as Parsed;
  const clear = [
    ...Object.values(data).map((text) => Buffer.from(text, "base64").toString("utf8")),
    ...Object.values(stringData),
  ];
  const escaped = (text: string) => (text.length < 4 ? "" : JSON.stringify(text).slice(1, -1));
  const forms = clear.flatMap((text) => [text, text.trim(), base64(text), escaped(text)]);
  return forms.filter((form) => form.length >= 4);
}
