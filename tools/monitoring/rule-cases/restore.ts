import { EAST, east, type RuleCase } from "../rule-case.ts";

const DIFFERENCES = east("cluster_restore_drill_differences");
const DURATION = east("cluster_restore_drill_duration_seconds");
const SUCCESS = east("cluster_restore_drill_last_success_timestamp_seconds");

/** Cases of rules/restore.yaml. */
export const RESTORE_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryDrillFailed",
    when: "one object was different",
    given: { [DIFFERENCES]: "1x2" },
    at: 1,
    fires: [EAST],
  },
  {
    alert: "KubeferryDrillFailed",
    when: "all came back as it was",
    given: { [DIFFERENCES]: "0+0x2" },
    at: 1,
    fires: [],
  },
  {
    alert: "KubeferryDrillTooOld",
    when: "the last good drill was 36 days ago",
    given: { [DURATION]: "60x40", [SUCCESS]: "0+0x40" },
    every: "1d",
    at: 37,
    fires: [EAST],
  },
  {
    alert: "KubeferryDrillTooOld",
    when: "the last good drill was 34 days ago",
    given: { [DURATION]: "60x40", [SUCCESS]: "0+0x40" },
    every: "1d",
    at: 34,
    fires: [],
  },
  {
    alert: "KubeferryRestoreSlow",
    when: "a drill took an hour and a second",
    given: { [DURATION]: "3601x2" },
    at: 1,
    fires: [EAST],
  },
  { alert: "KubeferryRestoreSlow", when: "a drill took an hour", given: { [DURATION]: "3600x2" }, at: 1, fires: [] },
];
