import { describe, expect, it } from "vitest";
import { createCleaner } from "../cleaner.ts";
import { FIELD_FIXTURES, OBJECT_FIXTURES } from "../testing/fixtures/index.ts";
import { applied } from "../testing/live.ts";
import { ruleTable } from "./rule-table.ts";

const { clean, dropReason } = createCleaner();
const OURS = { ours: () => true };
const table = ruleTable();

describe("every rule that takes fields", () => {
  it("has an object it must change and one it must leave alone", () => {
    expect(FIELD_FIXTURES.map(({ rule }) => rule).sort()).toEqual(table.fields.map(({ id }) => id).sort());
  });

  for (const { rule, changes, gone, leaves } of FIELD_FIXTURES) {
    it(`${rule}: takes what it names, and nothing from an object that only looks like it`, () => {
      const takenFrom = (object: typeof changes) =>
        clean(object, undefined, OURS).removed.filter((one) => one.rule === rule);
      expect(takenFrom(changes).map(({ path }) => path)).toEqual(gone);
      expect(takenFrom(leaves)).toEqual([]);
    });
  }
});

describe("every rule that leaves out objects", () => {
  it("has an object it must leave out and one it must not", () => {
    expect(OBJECT_FIXTURES.map(({ rule }) => rule).sort()).toEqual(table.objects.map(({ id }) => id).sort());
  });

  for (const { rule, drops, keeps } of OBJECT_FIXTURES) {
    it(`${rule}: leaves out what it names, and keeps an object that only looks like it`, () => {
      expect(dropReason(drops)?.rule).toBe(rule);
      expect(dropReason(keeps)).toBeUndefined();
    });
  }

  for (const { id } of table.objects.filter(({ keptWhen }) => keptWhen === "applied")) {
    it(`${id}: keeps an object that somebody applied`, () => {
      const object = OBJECT_FIXTURES.find(({ rule }) => rule === id)?.drops ?? {};
      const metadata = object.metadata as { annotations?: object };
      const annotations = { ...metadata.annotations, ...applied({}) };
      expect(dropReason({ ...object, metadata: { ...metadata, annotations } })).toBeUndefined();
    });
  }
});

describe("every view", () => {
  it("is its own view", () => {
    const objects = FIELD_FIXTURES.flatMap(({ changes, leaves }) => [changes, leaves]);
    for (const object of [...objects, ...OBJECT_FIXTURES.flatMap(({ drops, keeps }) => [drops, keeps])]) {
      const view = clean(object, undefined, OURS).object;
      expect(clean(view, undefined, OURS)).toEqual({ object: view, removed: [] });
    }
  });
});
