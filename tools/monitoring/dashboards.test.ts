import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DASHBOARDS, dashboardFiles } from "./dashboards.ts";
import { metricsIn, publishedMetrics } from "./metric-names.ts";
import { readRules } from "./read-rules.ts";

const PANELS = DASHBOARDS.flatMap(({ title, rows }) =>
  rows.flatMap(({ panels }) => panels.map((panel) => ({ ...panel, named: `${title}, ${panel.title}` }))),
);
const RULES = readRules();
const EXPRESSIONS = [...PANELS.flatMap(({ queries }) => queries), ...RULES].map(({ expr }) => expr);

describe("dashboards", () => {
  it.each(dashboardFiles())("$path is fresh: npm run docs makes it again", ({ path, model }) => {
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(JSON.parse(JSON.stringify(model)));
  });

  it.each(dashboardFiles())(
    "$path names a data source by its variable alone, and panels do not overlap",
    ({ path }) => {
      const text = readFileSync(path, "utf8");
      expect(new Set(text.match(/"uid": "[^"]*"/g)?.slice(1))).toEqual(new Set(['"uid": "${datasource}"']));
      const { panels } = JSON.parse(text) as {
        panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
      };
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    },
  );

  it.each(PANELS)("$named says what it shows", ({ description, queries }) => {
    expect(description).toMatch(/^[A-Z0-9].*\.$/);
    expect(queries.every(({ legend }) => legend !== "")).toBe(true);
  });

  it("speak of alerts that are there", () => {
    const spoken = PANELS.flatMap(({ description }) => description.match(/Kubeferry\w+/g) ?? []);
    const alerts = RULES.flatMap(({ alert }) => alert ?? []);
    expect(spoken.filter((name) => !alerts.includes(name))).toEqual([]);
  });
});

describe("what dashboards and rules ask for", () => {
  it("is published, recorded by a rule, or everybody's", () => {
    const known = new Set([...publishedMetrics(), ...RULES.flatMap(({ record }) => record ?? [])]);
    const unknown = EXPRESSIONS.flatMap(metricsIn).filter((name) => !known.has(name));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("is everything that is published", () => {
    const asked = new Set(EXPRESSIONS.flatMap(metricsIn).map((name) => name.replace(/_(sum|count|bucket)$/, "")));
    const unused = publishedMetrics().filter((name) => !asked.has(name.replace(/_(sum|count|bucket)$/, "")));
    expect([...new Set(unused)]).toEqual([]);
  });
});
