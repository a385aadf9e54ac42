import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { eventJsonSchema } from "./backup-completed.ts";
import { readEvent } from "./read-event.ts";
import { receiverCheckEvent } from "./receiver-check.ts";
import { COMPLETED, EVENT } from "./testing/completed.ts";

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const STRUCTURED = { "content-type": "application/cloudevents+json; charset=utf-8" };
const BINARY = {
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-id": EVENT.id,
  "ce-source": "/crc.testing/wrl62",
  "ce-type": EVENT.type,
  "ce-time": EVENT.time,
  "ce-subject": EVENT.subject,
  "ce-dataschema": "urn:kubeferry:backup-completed:1",
  "ce-traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};

describe("reading a backup-complete event", () => {
  it("reads one whose attributes stand in the body", () => {
    expect(readEvent(STRUCTURED, bytes(EVENT))).toEqual(EVENT);
  });

  it("reads the same from headers and data", () => {
    expect(readEvent(BINARY, bytes(COMPLETED))).toEqual(EVENT);
  });

  it("decodes headers that hold what a header cannot", () => {
    const headers = { ...BINARY, "ce-subject": "backups/%C3%BCber/_snapshots/default/0000000042.json" };
    const subject = "backups/über/_snapshots/default/0000000042.json";
    expect(readEvent(headers, bytes(COMPLETED))).toMatchObject({ subject });
  });

  it("reads one that only asks whether it is let in", () => {
    const asking = receiverCheckEvent({ id: "check-1", now: new Date("2026-03-01T02:00:07.500Z") });
    expect(readEvent(STRUCTURED, bytes({ ...asking, data: {} }))).toEqual(asking);
  });

  it("passes over what a later version adds", () => {
    const later = { ...EVENT, data: { ...COMPLETED, colour: "blue" }, partitionkey: "a" };
    expect(readEvent(STRUCTURED, bytes(later))).toEqual(EVENT);
  });

  it.each([
    ["another media type", { "content-type": "text/plain" }, bytes(EVENT)],
    ["JSON without the headers of an event", { "content-type": "application/json" }, bytes(COMPLETED)],
    ["a body that is no JSON", STRUCTURED, Buffer.from("{")],
    ["a body that is no UTF-8", STRUCTURED, Buffer.from([0x22, 0xff, 0x22])],
    ["another event", STRUCTURED, bytes({ ...EVENT, type: "io.kubeferry.backup.failed" })],
    ["a newer form of the data", STRUCTURED, bytes({ ...EVENT, data: { ...COMPLETED, format: 2 } })],
    ["a list", STRUCTURED, bytes([])],
  ])("refuses %s", (_, headers, body) => {
    expect(() => readEvent(headers, body)).toThrow(expect.objectContaining({ kind: "event" }));
  });

  it.each([
    ["a line end", "crc.testing/wrl62\n"],
    ["an escape sequence", "crc.testing/\u001b[2J"],
    ["one in a single character", "crc.testing/\u009b2J"],
    ["a separator of lines", "crc.testing/a\u2028b"],
    ["what turns a text", "crc.testing/a\u202eb"],
  ])("refuses a name with %s in it, and so does its schema", (_, cluster) => {
    const event = { ...EVENT, data: { ...COMPLETED, cluster } };
    expect(() => readEvent(STRUCTURED, bytes(event))).toThrow("data.cluster is not as the schema says");
    expect(() => readEvent(STRUCTURED, bytes({ ...EVENT, subject: cluster }))).toThrow("subject is not");
    const accepts = new Ajv2020({ strict: false, formats: { "date-time": true } }).compile(eventJsonSchema());
    expect([accepts(EVENT), accepts(event)]).toEqual([true, false]);
  });

  it("names the field that is wrong, and does not repeat what a stranger wrote there", () => {
    const read = () =>
      readEvent(STRUCTURED, bytes({ ...EVENT, data: { ...COMPLETED, cluster: 'evil"\n'.repeat(99) } }));
    expect(read).toThrow("data.cluster is not as the schema says");
    expect(read).not.toThrow("evil");
  });
});

describe("the published schema of the event", () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL("../../../docs/reference/backup-completed.schema.json", import.meta.url), "utf8"),
  );

  it("is fresh: npm run docs makes it again", () => {
    expect(published).toEqual(eventJsonSchema());
  });

  it("takes what a backup sends, by another library's reading of it", () => {
    const ajv = new Ajv2020({ formats: { "date-time": /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ } });
    const validate = ajv.compile(published as object);
    expect(validate(EVENT)).toBe(true);
    expect(validate({ ...EVENT, data: { ...COMPLETED, sequence: 0 } })).toBe(false);
  });
});
