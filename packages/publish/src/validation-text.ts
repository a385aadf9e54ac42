import { code, count, plain } from "@kubeferry/layout";
import type { ValidationFinding, ValidationSummary } from "@kubeferry/model";

/** How many findings of one rule are shown: what many objects do is seen on a few of them. */
const MOST_OF_RULE = 5;

/** The warnings of validation, by rule; errors stand where people look for what is not in Git. */
export function validationLines({ warnings, findings }: ValidationSummary): readonly string[] {
  if (warnings === 0) return [];
  const byRule = Map.groupBy(
    findings.filter(({ severity }) => severity === "warning"),
    ({ rule }) => rule,
  );
  return [...byRule.values()].flatMap((ofRule) => {
    const shown = ofRule.slice(0, MOST_OF_RULE).map(line);
    const more = ofRule.length - shown.length;
    return more === 0 ? shown : [...shown, `- … ${code(ofRule[0]?.rule ?? "")}: ${count(more, "more", "more")}`];
  });
}

function line({ rule, object, field, message, environments }: ValidationFinding): string {
  const place = field === undefined || field === "" ? "" : ` at ${code(field)}`;
  const where = environments === undefined ? "" : ` (${environments.join(", ")})`;
  return `- ${code(object)}${place}: ${plain(message)}${where} (${code(rule)})`;
}
