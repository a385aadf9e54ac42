import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createCleaner } from "./cleaner.ts";
import { ruleTable } from "./rules/rule-table.ts";
import { rulesVersion } from "./rules-version.ts";
import { VERSION_OBJECTS } from "./testing/version-objects.ts";
import { emitYaml } from "./yaml/emit.ts";

const { clean, dropReason } = createCleaner();

const views = VERSION_OBJECTS.map((object) => ({
  ...clean(object, undefined, { ours: () => true }),
  dropped: dropReason(object)?.rule,
}));

describe("rulesVersion", () => {
  it("is another one as soon as rules or emitter make something else of an object", () => {
    const hash = createHash("sha256");
    for (const { object, removed, dropped } of views) {
      hash.update(JSON.stringify([emitYaml(object), removed.map(({ path, rule }) => [path, rule]), dropped]));
    }
    // Write the value found here into rules-version.ts: mirrors are then rewritten whole, and the changelog says so.
    expect(rulesVersion).toBe(hash.digest("hex").slice(0, 12));
  });

  it("is a digest of every rule", () => {
    const seen = new Set(views.flatMap(({ removed, dropped }) => [...removed.map(({ rule }) => rule), dropped]));
    const { fields, objects } = ruleTable();
    for (const { id } of [...fields, ...objects]) expect(seen, id).toContain(id);
  });
});
