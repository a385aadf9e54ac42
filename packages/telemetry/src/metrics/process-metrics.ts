import { SECURITY_EVENTS, type SecurityEvent } from "@kubeferry/model";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { NOTIFICATION_OUTCOMES, type NotificationCounts, processNotifications } from "../notification-counts.ts";
import { processSecurityEvents, type SecurityEventCounts } from "../security-events.ts";
import { PROCESS_METRICS } from "./metric-list.ts";

/** Gauges that the library calls as counters are called; each is the sum of one that stays. */
const MISNAMED = ["handles", "requests", "resources"].map((what) => `nodejs_active_${what}_total`);

/** What is known of this process: its version, its security events, and what it takes of memory, processor and time. */
export function openProcessMetrics(version: string): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const misnamed of MISNAMED) registry.removeSingleMetric(misnamed);
  const name = "kubeferry_build_info";
  const { help, labels } = PROCESS_METRICS[name];
  new Gauge({ name, help, labelNames: [...labels], registers: [registry] }).set({ version }, 1);
  return async () => {
    const events = await securityExposition(processSecurityEvents.counts());
    return `${await registry.metrics()}${events}${await notificationExposition(processNotifications.counts())}`;
  };
}

/** Security events in Prometheus' text format; every kind is there from the beginning, so that its first is an increase. */
export function securityExposition(counts: SecurityEventCounts): Promise<string> {
  const registry = new Registry();
  const name = "kubeferry_security_events_total";
  const { help, labels } = PROCESS_METRICS[name];
  const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
  for (const kind of Object.keys(SECURITY_EVENTS) as SecurityEvent[]) counter.inc({ kind }, counts[kind] ?? 0);
  return registry.metrics();
}

/** Messages to people in Prometheus' text format; "" where there is no channel. */
export async function notificationExposition(counts: NotificationCounts): Promise<string> {
  const channels = Object.entries(counts);
  if (channels.length === 0) return "";
  const registry = new Registry();
  const name = "kubeferry_notifications_total";
  const { help, labels } = PROCESS_METRICS[name];
  const counter = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
  for (const [channel, of] of channels) {
    for (const outcome of NOTIFICATION_OUTCOMES) counter.inc({ channel, outcome }, of[outcome] ?? 0);
  }
  return registry.metrics();
}
