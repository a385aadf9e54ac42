import type { ValidationFinding, ValidationSummary } from "@kubeferry/model";

/** Gathers what validation finds, in bounded memory. */
export interface ValidationResults {
  /** @param environments that it counts for, in the configuration's order */
  add(finding: ValidationFinding, environments: readonly string[]): void;
  readonly summary: ValidationSummary;
}

/** A rule that finds more has found a habit, and the first few hundred say so. */
const MOST_LISTED = 300;

/**
 * No findings yet.
 * @param environments every configured one: a finding that counts for all names none
 * @param mostListed findings of one rule and severity that are listed; the others are counted
 */
export function createValidationResults(environments: readonly string[], mostListed = MOST_LISTED): ValidationResults {
  const counts = { error: 0, warning: 0 };
  const listed = new Map<string, Map<string, { finding: ValidationFinding; environments: Set<string> }>>();
  return {
    add(finding, where) {
      const ofRule = listed.get(`${finding.severity} ${finding.rule}`) ?? new Map<string, never>();
      listed.set(`${finding.severity} ${finding.rule}`, ofRule);
      const key = JSON.stringify([finding.object, finding.field, finding.message]);
      const known = ofRule.get(key);
      for (const environment of where) known?.environments.add(environment);
      if (known !== undefined) return;
      counts[finding.severity] += 1;
      if (ofRule.size < mostListed) ofRule.set(key, { finding, environments: new Set(where) });
    },
    get summary() {
      const all = [...listed.values()].flatMap((ofRule) => [...ofRule.values()]);
      const findings = all.map((each) => located(each.finding, each.environments, environments));
      const ordered = [...findings.filter(isError), ...findings.filter((finding) => !isError(finding))];
      return { errors: counts.error, warnings: counts.warning, findings: ordered };
    },
  };
}

function located(
  finding: ValidationFinding,
  where: ReadonlySet<string>,
  environments: readonly string[],
): ValidationFinding {
  const named = environments.filter((environment) => where.has(environment));
  return named.length === 0 || named.length === environments.length ? finding : { ...finding, environments: named };
}

function isError({ severity }: ValidationFinding): boolean {
  return severity === "error";
}
