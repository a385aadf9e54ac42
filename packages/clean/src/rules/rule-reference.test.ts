import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ruleReference } from "./rule-reference.ts";
import { ruleTable } from "./rule-table.ts";

describe("the page about cleaning rules", () => {
  it("is up to date", () => {
    const page = readFileSync(new URL("../../../../docs/reference/cleaning-rules.md", import.meta.url), "utf8");
    expect(page, "run: npm run docs").toBe(ruleReference());
  });

  it("says of every rule what goes, of what, why, and where Kubernetes says so, each id once", () => {
    const { fields, objects } = ruleTable();
    const ids = [...fields, ...objects].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { keptWhen: _, ...texts } of [...fields, ...objects]) {
      expect(Object.values(texts).every((text) => text.length > 2)).toBe(true);
    }
  });

  it("says of everything that was refused why it stays", () => {
    for (const { title, of, reason } of ruleTable().refused) {
      expect([title, of, reason].every((text) => text.length > 2)).toBe(true);
      expect(reason.length).toBeGreaterThan(20);
    }
  });
});
