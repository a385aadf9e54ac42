import { EAST, east, type RuleCase } from "../rule-case.ts";

const RUNS = east("cluster_backup_duration_seconds_count");
const FAILURES = east("cluster_backup_errors_total");

/** Cases of rules/slo.yaml. */
export const SLO_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryBackupBudgetSpent",
    when: "of 28 nightly runs two failed, one of them yesterday",
    given: { [RUNS]: "0+1x30", [FAILURES]: "0+0x9 1x17 2x5" },
    every: "1d",
    at: 29,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupBudgetSpent",
    when: "of 28 nightly runs one failed",
    given: { [RUNS]: "0+1x30", [FAILURES]: "0+0x27 1x5" },
    every: "1d",
    at: 29,
    fires: [],
  },
  {
    alert: "KubeferryBackupBudgetSpent",
    when: "two failed, both long ago",
    given: { [RUNS]: "0+1x30", [FAILURES]: "0+0x9 1+1x1 2x20" },
    every: "1d",
    at: 29,
    fires: [],
  },
  {
    alert: "KubeferryBackupBudgetBurning",
    when: "the last two nightly runs failed",
    given: { [RUNS]: "0+1x30", [FAILURES]: "0+0x27 1+1x3" },
    every: "1d",
    at: 29,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupBudgetBurning",
    when: "of the hourly runs of six hours four failed",
    given: { [RUNS]: "0+1x20", [FAILURES]: "0+0x10 1+1x3 4x5" },
    at: 15,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupBudgetBurning",
    when: "of the last three nightly runs one failed",
    given: { [RUNS]: "0+1x30", [FAILURES]: "0+0x27 1x5" },
    every: "1d",
    at: 29,
    fires: [],
  },
];
