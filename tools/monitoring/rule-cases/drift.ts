import { EAST, east, type RuleCase } from "../rule-case.ts";

const CHECKED = east("gitops_drift_last_check_timestamp_seconds");
const shop = (metric: string, status: string): string => east(metric, { application: "shop-prod", status });
const { cluster } = EAST;

/** Cases of rules/drift.yaml. */
export const DRIFT_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryDrift",
    when: "an object has been changed for a day",
    given: {
      [east("gitops_drift_objects", { against: "git", kind: "changed" })]: "1x40",
      [east("gitops_drift_objects", { against: "git", kind: "missing" })]: "0+0x40",
    },
    at: 25,
    fires: [{ cluster }],
  },
  {
    alert: "KubeferryDrift",
    when: "the cluster differs from the last snapshot, and not from Git",
    given: {
      [east("gitops_drift_objects", { against: "git", kind: "changed" })]: "0+0x40",
      [east("gitops_drift_objects", { against: "snapshot", kind: "changed" })]: "3x40",
    },
    at: 25,
    fires: [],
  },
  {
    alert: "KubeferryDriftCheckTooOld",
    when: "the last look was 28 hours ago",
    given: { [CHECKED]: "0+0x40" },
    at: 28,
    fires: [EAST],
  },
  {
    alert: "KubeferryDriftCheckTooOld",
    when: "the last look was 25 hours ago",
    given: { [CHECKED]: "0+0x40" },
    at: 25,
    fires: [],
  },
  {
    alert: "KubeferryApplicationOutOfSync",
    when: "Argo CD has said OutOfSync for a day",
    given: { [shop("gitops_application_sync_status", "OutOfSync")]: "1x40" },
    at: 25,
    fires: [{ cluster, application: "shop-prod", status: "OutOfSync" }],
  },
  {
    alert: "KubeferryApplicationOutOfSync",
    when: "Argo CD says Synced",
    given: { [shop("gitops_application_sync_status", "Synced")]: "1x40" },
    at: 25,
    fires: [],
  },
  {
    alert: "KubeferryApplicationDegraded",
    when: "Argo CD has said Degraded for two hours",
    given: { [shop("gitops_application_health_status", "Degraded")]: "1x5" },
    at: 3,
    fires: [{ cluster, application: "shop-prod", status: "Degraded" }],
  },
  {
    alert: "KubeferryApplicationDegraded",
    when: "Argo CD says Progressing",
    given: { [shop("gitops_application_health_status", "Progressing")]: "1x5" },
    at: 3,
    fires: [],
  },
];
