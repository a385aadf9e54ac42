import { type RuleRow, ruleTable } from "@kubeferry/clean";
import { print, printJson, table } from "../present/print.ts";

/** Prints the built-in rules: as a table for people, or whole, with reasons and sources, as JSON. */
export function printRules(output: "json" | "yaml"): void {
  const rules = ruleTable();
  if (output === "json") {
    printJson(rules);
    return;
  }
  print(
    [
      ["Fields that are removed", rows(rules.fields)],
      ["Whole objects that are left out", rows(rules.objects)],
      ["Considered and refused", table(rules.refused.map(({ title, of }) => [`  ${of}`, title]))],
    ]
      .map(([head, text]) => `${head}\n${text}`)
      .join("\n\n"),
  );
}

function rows(rules: readonly RuleRow[]): string {
  return table(rules.map(({ id, of, title }) => [`  ${id}`, of, title]));
}
