import { cleaningRules, dropRules, refusals } from "./index.ts";
import type { Refusal } from "./rule.ts";

/** A rule as documents and the command line show it. */
export interface RuleRow {
  /** Stable, kebab-case: what reports name, and what `clean.disable` takes. */
  readonly id: string;
  readonly title: string;
  readonly of: string;
  readonly reason: string;
  readonly source: string;
  /** What keeps a field or object although the rule names it; "" for nothing. */
  readonly keptWhen: string;
}

/** Everything that was decided about cleaning. */
export interface RuleTable {
  /** What is taken out of objects, in the order in which rules are asked. */
  readonly fields: readonly RuleRow[];
  /** Which whole objects are left out. */
  readonly objects: readonly RuleRow[];
  /** What other tools leave out and this one keeps. */
  readonly refused: readonly Refusal[];
}

/** The built-in rules in order. */
export function ruleTable(): RuleTable {
  return { fields: cleaningRules.map(row), objects: dropRules.map(row), refused: refusals };
}

const KEPT_WHEN = { nothing: "", owned: "applied", written: "written" } as const;

function row(rule: (typeof cleaningRules | typeof dropRules)[number]): RuleRow {
  const { id, title, of, reason, source, keptWhen } = rule;
  return { id, title, of, reason, source, keptWhen: KEPT_WHEN[keptWhen] };
}
