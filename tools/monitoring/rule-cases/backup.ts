import { EAST, east, type RuleCase } from "../rule-case.ts";

const RUNS = east("cluster_backup_duration_seconds_count");
const SUCCESS = east("cluster_backup_last_success_timestamp_seconds");
const PARTIAL = east("cluster_backup_last_partial_timestamp_seconds");
const FAILURE = east("cluster_backup_last_failure_timestamp_seconds");
const UNREAD = east("cluster_backup_unread_types");
const OBJECT_ERRORS = east("cluster_backup_object_errors_total");
const BYTES = east("cluster_backup_store_bytes");
const RETRIES = east("cluster_backup_request_retries", { target: "store" });

/** Cases of rules/backup.yaml. */
export const BACKUP_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryBackupFailed",
    when: "a run failed after the last success",
    given: { [SUCCESS]: "3600x10", [FAILURE]: "_x4 14400x10" },
    at: 6,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupFailed",
    when: "the first run of all failed",
    given: { [FAILURE]: "3600x10" },
    at: 2,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupFailed",
    when: "a partial run followed the failed one",
    given: { [SUCCESS]: "3600x10", [FAILURE]: "7200x10", [PARTIAL]: "10800x10" },
    at: 6,
    fires: [],
  },
  {
    alert: "KubeferryBackupTooOld",
    when: "the last success is 37 hours ago",
    given: { [RUNS]: "1x60", [SUCCESS]: "0+0x60" },
    at: 38,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupTooOld",
    when: "the last success is 36 hours ago, to the second",
    given: { [RUNS]: "1x60", [SUCCESS]: "7200x60" },
    at: 38,
    fires: [],
  },
  {
    alert: "KubeferryBackupNeverSucceeded",
    when: "runs are known for 7 hours, and no success",
    given: { [RUNS]: "1x20", [PARTIAL]: "60x20" },
    at: 7,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupNeverSucceeded",
    when: "there was a success, long ago",
    given: { [RUNS]: "1x20", [SUCCESS]: "0+0x20" },
    at: 10,
    fires: [],
  },
  { alert: "KubeferryBackupUnknown", when: "there is nothing at all", given: {}, at: 2, fires: [{}] },
  {
    alert: "KubeferryBackupUnknown",
    when: "a cluster that is expected is not among those known",
    given: {
      [RUNS]: "1x10",
      'kubeferry:expected_backup{cluster="example.internal/east"}': "1x10",
      'kubeferry:expected_backup{cluster="example.internal/west"}': "1x10",
    },
    at: 2,
    fires: [{ cluster: "example.internal/west" }],
  },
  { alert: "KubeferryBackupUnknown", when: "a run is known", given: { [RUNS]: "0+0x10" }, at: 2, fires: [] },
  {
    alert: "KubeferryBackupPartial",
    when: "every run of two days was partial",
    given: { [SUCCESS]: "3600x60", [PARTIAL]: "7200x24 93600x40" },
    at: 52,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupPartial",
    when: "partial runs count as successes, and are partial all the same",
    given: { [SUCCESS]: "7200x24 93600x40", [PARTIAL]: "7200x24 93600x40" },
    at: 52,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupPartial",
    when: "a complete run came between two partial ones",
    given: { [SUCCESS]: "3600x23 86400x40", [PARTIAL]: "7200x47 172800x20" },
    at: 60,
    fires: [],
  },
  {
    alert: "KubeferryTypesUnread",
    when: "the newest run was partial and carries types on",
    given: { [SUCCESS]: "3600x10", [PARTIAL]: "7200x10", [UNREAD]: "2x10" },
    at: 3,
    fires: [EAST],
  },
  {
    alert: "KubeferryTypesUnread",
    when: "the only gaps are known and accepted, so the run was complete",
    given: { [SUCCESS]: "3600x10", [UNREAD]: "2x10" },
    at: 3,
    fires: [],
  },
  {
    alert: "KubeferryObjectErrorsRising",
    when: "a day brings 48 errors after a week of one a day",
    given: { [OBJECT_ERRORS]: "0+1x7 55" },
    every: "1d",
    at: 8,
    fires: [EAST],
  },
  {
    alert: "KubeferryObjectErrorsRising",
    when: "a day brings as many errors as those before",
    given: { [OBJECT_ERRORS]: "0+48x10" },
    every: "1d",
    at: 8,
    fires: [],
  },
  {
    alert: "KubeferryStoreGrowing",
    when: "a snapshot of 1 GB became one of 1.6 GB within a week",
    given: { [BYTES]: "1000000000x7 1600000000x5" },
    every: "1d",
    at: 9,
    fires: [EAST],
  },
  {
    alert: "KubeferryStoreGrowing",
    when: "it doubled, and is small",
    given: { [BYTES]: "10000000x7 20000000x5" },
    every: "1d",
    at: 9,
    fires: [],
  },
  {
    alert: "KubeferryStoreGrowing",
    when: "it grew by a fifth",
    given: { [BYTES]: "1000000000x7 1200000000x5" },
    every: "1d",
    at: 9,
    fires: [],
  },
  {
    alert: "KubeferryBackupShrunk",
    when: "a snapshot is a third of that of the day before",
    given: { [BYTES]: "900x24 300x10" },
    at: 26,
    fires: [EAST],
  },
  {
    alert: "KubeferryBackupShrunk",
    when: "a snapshot is two thirds of that of the day before",
    given: { [BYTES]: "900x24 600x10" },
    at: 26,
    fires: [],
  },
  {
    alert: "KubeferryRetriesHigh",
    when: "101 requests were sent again",
    given: { [RETRIES]: "101x2" },
    at: 1,
    fires: [{ ...EAST, target: "store" }],
  },
  {
    alert: "KubeferryRetriesHigh",
    when: "100 requests were sent again",
    given: { [RETRIES]: "100x2" },
    at: 1,
    fires: [],
  },
];
