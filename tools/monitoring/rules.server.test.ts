import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingServers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { filesOf, readAlerts, readRuleFiles } from "./read-rules.ts";
import { promtoolFiles } from "./rule-case.ts";
import { RULE_CASES } from "./rule-cases.ts";

describe.skipIf(missingServers("prometheus"))("rules, by promtool", () => {
  it("are in files that Prometheus reads", () => {
    expect(promtool("check", "rules", ...readRuleFiles().map(({ path }) => path))).toBe("");
  });

  it.each(readAlerts())("$alert fires when it should, and only then", ({ alert }) => {
    const folder = mkdtempSync(join(tmpdir(), "kubeferry-rules-"));
    try {
      const cases = RULE_CASES.filter((each) => each.alert === alert);
      const files = promtoolFiles(filesOf(alert), cases).map((text, index) => {
        const file = join(folder, `${index}.yaml`);
        writeFileSync(file, text);
        return file;
      });
      expect(promtool("test", "rules", ...files)).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** @returns what it complains of; "" when it has nothing to */
function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return status === 0 ? "" : `promtool ended with ${status}\n${stdout}${stderr}`;
}
