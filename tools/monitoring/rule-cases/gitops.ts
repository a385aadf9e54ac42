import { EAST, east, type RuleCase, selector } from "../rule-case.ts";

const FLEET = { repository: "git.example.internal/ops/fleet" } as const;
const { cluster } = EAST;
const fleet = (metric: string, more: Readonly<Record<string, string>> = {}): string =>
  `${metric}${selector({ ...FLEET, ...more })}`;

const FAILED = fleet("gitops_runs_total", { status: "failed" });
const COMPLETE = fleet("gitops_runs_total", { status: "complete" });
const USED = fleet("gitops_snapshot_timestamp_seconds", { cluster });
const SUCCESS = east("cluster_backup_last_success_timestamp_seconds");
const WAITING = 'gitops_waiting_calls{job="ops/receiver",pod="a"}';
const RECEIVER_RUNS = 'gitops_runs_total{job="ops/receiver",pod="a",repository="r",status="complete"}';

/** Cases of rules/gitops.yaml. */
export const GITOPS_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryGitopsFailing",
    when: "four runs failed within an hour, and none was complete in it",
    given: { [FAILED]: "0+4x10", [COMPLETE]: "3x10" },
    at: 5,
    fires: [FLEET],
  },
  {
    alert: "KubeferryGitopsFailing",
    when: "the only run of the day is the first that ever failed",
    given: { [FAILED]: "_x30 1x10", [COMPLETE]: "3x40" },
    at: 32,
    fires: [FLEET],
  },
  {
    alert: "KubeferryGitopsFailing",
    when: "runs failed long ago, and a scrape failed an hour before",
    given: { [FAILED]: "5x30 _ 5x3" },
    at: 32,
    fires: [],
  },
  {
    alert: "KubeferryGitopsFailing",
    when: "one run failed, and another was complete",
    given: { [FAILED]: "0+0x30 1x10", [COMPLETE]: "3x30 4x10" },
    at: 32,
    fires: [],
  },
  {
    alert: "KubeferryGitopsBehind",
    when: "the snapshot in Git is 30 hours old, and one of yesterday is there",
    given: { [USED]: "0+0x40", [SUCCESS]: "0+0x23 86400x20" },
    at: 30,
    fires: [{ ...FLEET, cluster }],
  },
  {
    alert: "KubeferryGitopsBehind",
    when: "the snapshot in Git is 30 hours old, and the newest",
    given: { [USED]: "0+0x40", [SUCCESS]: "0+0x40" },
    at: 30,
    fires: [],
  },
  {
    alert: "KubeferryGitopsBehind",
    when: "it runs nightly, and backups every hour",
    given: { [USED]: "0+0x40", [SUCCESS]: "0+3600x40" },
    at: 24,
    fires: [],
  },
  {
    alert: "KubeferryRemovalsHeld",
    when: "the last run held twelve removals back",
    given: { [fleet("gitops_held_back_removals")]: "12x2" },
    at: 1,
    fires: [FLEET],
  },
  {
    alert: "KubeferryRemovalsHeld",
    when: "the last run removed what there was to remove",
    given: { [fleet("gitops_held_back_removals")]: "0+0x2" },
    at: 1,
    fires: [],
  },
  {
    alert: "KubeferryFoldersFrozen",
    when: "a folder has been frozen for three days",
    given: { [fleet("gitops_frozen_folders")]: "1x5" },
    every: "1d",
    at: 4,
    fires: [FLEET],
  },
  {
    alert: "KubeferryFoldersFrozen",
    when: "a folder thawed in between",
    given: { [fleet("gitops_frozen_folders")]: "1 1 0 1 1" },
    every: "1d",
    at: 4,
    fires: [],
  },
  {
    alert: "KubeferryObjectsBlocked",
    when: "an object has been blocked for a day",
    given: { [fleet("gitops_blocked_objects")]: "1x30" },
    at: 25,
    fires: [FLEET],
  },
  {
    alert: "KubeferryObjectsBlocked",
    when: "none is",
    given: { [fleet("gitops_blocked_objects")]: "0+0x30" },
    at: 25,
    fires: [],
  },
  {
    alert: "KubeferryReceiverDown",
    when: "it was scraped two hours ago, and is not any more",
    given: { [WAITING]: "0+0x4 stale" },
    at: 7,
    fires: [{ job: "ops/receiver" }],
  },
  {
    alert: "KubeferryReceiverDown",
    when: "a new Pod took over",
    given: { [WAITING]: "0+0x4 stale", 'gitops_waiting_calls{job="ops/receiver",pod="b"}': "_x5 0+0x10" },
    at: 7,
    fires: [],
  },
  {
    alert: "KubeferryReceiverDown",
    when: "it has been gone for two days",
    given: { [WAITING]: "0+0x4 stale" },
    at: 54,
    fires: [],
  },
  {
    alert: "KubeferryReceiverStuck",
    when: "a call has waited for an hour, and no run began",
    given: { [WAITING]: "1x5", [RECEIVER_RUNS]: "7x5" },
    at: 3,
    fires: [{ job: "ops/receiver" }],
  },
  {
    alert: "KubeferryReceiverStuck",
    when: "calls wait all the time, and runs take them up",
    given: { [WAITING]: "1x5", [RECEIVER_RUNS]: "7+3x5" },
    at: 3,
    fires: [],
  },
];
