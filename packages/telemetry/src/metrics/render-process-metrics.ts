import type { NotificationCounts } from "../notification-counts.ts";
import type { SecurityEventCounts } from "../security-events.ts";

/**
 * Begins to measure this process. The library is loaded here: most commands serve no metrics.
 * @param version of the program
 * @returns what gives the numbers at that moment, in Prometheus' text format
 */
export async function measureProcess(version: string): Promise<() => Promise<string>> {
  const { openProcessMetrics } = await import("./process-metrics.ts");
  return openProcessMetrics(version);
}

/** Security events in Prometheus' text format. */
export async function renderSecurityEvents(counts: SecurityEventCounts): Promise<string> {
  const { securityExposition } = await import("./process-metrics.ts");
  return securityExposition(counts);
}

/** Messages to people in Prometheus' text format; "" where there is no channel. */
export async function renderNotifications(counts: NotificationCounts): Promise<string> {
  const { notificationExposition } = await import("./process-metrics.ts");
  return notificationExposition(counts);
}
