import type { RuleCase } from "./rule-case.ts";
import { BACKUP_CASES } from "./rule-cases/backup.ts";
import { DRIFT_CASES } from "./rule-cases/drift.ts";
import { GITOPS_CASES } from "./rule-cases/gitops.ts";
import { PROCESS_CASES } from "./rule-cases/process.ts";
import { RESTORE_CASES } from "./rule-cases/restore.ts";
import { SLO_CASES } from "./rule-cases/slo.ts";

/** Of every alert when it fires and when not. */
export const RULE_CASES: readonly RuleCase[] = [
  ...BACKUP_CASES,
  ...DRIFT_CASES,
  ...GITOPS_CASES,
  ...PROCESS_CASES,
  ...RESTORE_CASES,
  ...SLO_CASES,
];
