import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readAlerts } from "./read-rules.ts";
import { RULE_CASES } from "./rule-cases.ts";

const RUNBOOKS = join(import.meta.dirname, "../../docs/runbooks");
const ALERTS = readAlerts();

describe("alerts", () => {
  it("each have a case in which they fire and one in which not, and each case its alert", () => {
    const names = ALERTS.map(({ alert }) => alert);
    expect(names.filter((name) => !RULE_CASES.some(({ alert, fires }) => alert === name && fires.length > 0))).toEqual(
      [],
    );
    expect(
      names.filter((name) => !RULE_CASES.some(({ alert, fires }) => alert === name && fires.length === 0)),
    ).toEqual([]);
    expect(RULE_CASES.filter(({ alert }) => !names.includes(alert))).toEqual([]);
  });

  it.each(ALERTS)("$alert says what is wrong, what to do, how bad it is, and where to read on", (alert) => {
    expect(alert.alert).toMatch(/^Kubeferry([A-Z][a-z]+)+$/);
    expect(["info", "warning", "critical"]).toContain(alert.labels.severity);
    expect(alert.annotations.summary).toMatch(/\.$/);
    expect(alert.annotations.description).toMatch(/\.$/);
    expect(alert.annotations.runbook_url).toBe(`RUNBOOK_BASE/${pageOf(alert.alert)}`);
  });

  it.each(ALERTS)("$alert speaks of labels that it has", ({ alert, annotations }) => {
    const spoken = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map((match) => match[1] ?? "");
    const labels = RULE_CASES.filter((each) => each.alert === alert).flatMap(({ fires }) => fires.flatMap(Object.keys));
    expect(labels).toEqual(expect.arrayContaining(spoken));
  });

  it("each have a runbook, and each runbook its alert", () => {
    const pages = globSync("*.md", { cwd: RUNBOOKS }).filter((page) => page !== "README.md");
    expect(pages.toSorted()).toEqual(ALERTS.map(({ alert }) => pageOf(alert)).toSorted());
  });

  it.each(ALERTS)("$alert has a runbook with all its parts, and a line in the index", ({ alert }) => {
    const page = readFileSync(join(RUNBOOKS, pageOf(alert)), "utf8");
    expect(page.split("\n")[0]).toBe(`# ${alert}`);
    const parts = [...page.matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(parts).toEqual(["What it means", "What is at stake", "Look at", "Do", "It clears when"]);
    expect(readFileSync(join(RUNBOOKS, "README.md"), "utf8")).toContain(`[${alert}](${pageOf(alert)})`);
  });
});

/** "KubeferryBackupTooOld" -> "backup-too-old.md" */
function pageOf(alert: string): string {
  const words = alert.replace(/^Kubeferry/, "").match(/[A-Z][a-z]+/g) ?? [];
  return `${words.join("-").toLowerCase()}.md`;
}
