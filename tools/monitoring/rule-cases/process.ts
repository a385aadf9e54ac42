import { EAST, east, type RuleCase, selector } from "../rule-case.ts";

const { cluster } = EAST;
const RUNS = east("cluster_backup_duration_seconds_count");
const PUSHED = east("push_time_seconds");
const PUSH_FAILED = east("push_failure_time_seconds");
const events = (kind: string, more: Readonly<Record<string, string>> = {}): string =>
  `kubeferry_security_events_total${selector({ kind, ...more })}`;

const messages = (outcome: string): string =>
  `kubeferry_notifications_total${selector({ channel: "ops", outcome, cluster })}`;
const REPOSITORY = "git.example.com/acme/fleet.git";
const BLOCKED_SECRETS = `gitops_blocked_secrets${selector({ repository: REPOSITORY })}`;

/** Cases of rules/process.yaml. */
export const PROCESS_CASES: readonly RuleCase[] = [
  {
    alert: "KubeferryTampering",
    when: "bytes were not what the manifest says",
    given: { [events("digest-mismatch", { cluster })]: "0+0x3 1x3" },
    at: 4,
    fires: [{ cluster, kind: "digest-mismatch" }],
  },
  {
    alert: "KubeferryTampering",
    when: "a process that has just begun refused a signature",
    given: { [events("signature-refused")]: "_x3 1x3" },
    at: 3,
    fires: [{ kind: "signature-refused" }],
  },
  {
    alert: "KubeferryTampering",
    when: "it happened three hours ago",
    given: { [events("digest-mismatch")]: "0 1x6" },
    at: 5,
    fires: [],
  },
  {
    alert: "KubeferryTampering",
    when: "it happened long ago, and a scrape failed an hour before",
    given: { [events("digest-mismatch")]: "5x4 _ 5x3" },
    at: 6,
    fires: [],
  },
  {
    alert: "KubeferryTampering",
    when: "it happened again after the gateway lost what it knew",
    given: { [events("digest-mismatch", { cluster })]: "5x4 _x2 1x3" },
    at: 7,
    fires: [{ cluster, kind: "digest-mismatch" }],
  },
  {
    alert: "KubeferrySecretsBlocked",
    when: "one more credential is kept out of Git than hours ago",
    given: { [BLOCKED_SECRETS]: "1x6 2x6" },
    at: 10,
    fires: [{ repository: REPOSITORY }],
  },
  {
    alert: "KubeferrySecretsBlocked",
    when: "the first run of all found one",
    given: { [BLOCKED_SECRETS]: "_x3 1x6" },
    at: 5,
    fires: [{ repository: REPOSITORY }],
  },
  {
    alert: "KubeferrySecretsBlocked",
    when: "every run finds the same one for days",
    given: { [BLOCKED_SECRETS]: "1x60", [events("secret-blocked")]: "0+1x60" },
    at: 50,
    fires: [],
  },
  {
    alert: "KubeferrySecretsBlocked",
    when: "a receiver was restarted, and the same one is found again",
    given: { [BLOCKED_SECRETS]: "1x30 _ 1x30" },
    at: 34,
    fires: [],
  },
  {
    alert: "KubeferrySecretsBlocked",
    when: "none was",
    given: { [BLOCKED_SECRETS]: "0+0x30" },
    at: 26,
    fires: [],
  },
  {
    alert: "KubeferryAccessDenied",
    when: "the API server refused a request",
    given: { [events("api-denied", { cluster })]: "0 1x6" },
    at: 3,
    fires: [{ cluster, kind: "api-denied" }],
  },
  {
    alert: "KubeferryAccessDenied",
    when: "a call to the receiver was refused",
    given: { [events("call-refused")]: "0 1x6" },
    at: 3,
    fires: [],
  },
  {
    alert: "KubeferryCallsRefused",
    when: "thirty calls a quarter of an hour are refused",
    given: { [events("call-refused")]: "0+10x30" },
    every: "5m",
    at: 6,
    fires: [{ kind: "call-refused" }],
  },
  {
    alert: "KubeferryCallsRefused",
    when: "two hundred were refused within a second, and none since",
    given: { [events("call-refused")]: "0x3 200x30" },
    every: "5m",
    at: 5,
    fires: [{ kind: "call-refused" }],
  },
  {
    alert: "KubeferryCallsRefused",
    when: "three are",
    given: { [events("call-refused")]: "0+1x30" },
    every: "5m",
    at: 6,
    fires: [],
  },
  {
    alert: "KubeferryNotificationsFailing",
    when: "a message could not be delivered",
    given: { [messages("failed")]: "0 1x6", [messages("sent")]: "7x7" },
    at: 4,
    fires: [{ channel: "ops" }],
  },
  {
    alert: "KubeferryNotificationsFailing",
    when: "the first message of all could not be delivered",
    given: { [messages("failed")]: "_x3 1x6" },
    at: 5,
    fires: [{ channel: "ops" }],
  },
  {
    alert: "KubeferryNotificationsFailing",
    when: "that was two days ago, and others arrived since",
    given: { [messages("failed")]: "0 1x60", [messages("sent")]: "0+1x60", [messages("held-back")]: "0+1x60" },
    at: 50,
    fires: [],
  },
  {
    alert: "KubeferryMetricsStale",
    when: "the last push was 38 hours ago",
    given: { [RUNS]: "1x60", [PUSHED]: "0+0x60" },
    at: 38,
    fires: [EAST],
  },
  {
    alert: "KubeferryMetricsStale",
    when: "the gateway refused the last push",
    given: { [RUNS]: "1x60", [PUSHED]: "3600x60", [PUSH_FAILED]: "7200x60" },
    at: 4,
    fires: [EAST],
  },
  {
    alert: "KubeferryMetricsStale",
    when: "a push came an hour ago, and none was refused",
    given: { [RUNS]: "1x60", [PUSHED]: "3600x60", [PUSH_FAILED]: "0+0x60" },
    at: 2,
    fires: [],
  },
];
