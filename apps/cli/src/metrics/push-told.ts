import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { addNotifications, type NotificationCounts, renderNotifications } from "@kubeferry/telemetry";
import { openPushing } from "./pushing.ts";

/** Whose messages were counted. */
interface Told {
  /** "crc.testing/wrl62" */
  readonly cluster: string;
  /** "drift" */
  readonly command: string;
  readonly counts: NotificationCounts;
}

/**
 * Adds what became of a command's messages to what was pushed before, where a gateway is configured. What goes wrong is a
 * warning. The group is the command's own: in that of the cluster's backups, which add to what they found when they began,
 * one of both would be lost.
 */
export async function pushTold({ cluster, command, counts }: Told, { metrics }: Config, call: Call): Promise<void> {
  const pushing = openPushing(metrics, call);
  if (pushing === undefined || Object.keys(counts).length === 0) return;
  const labels = { cluster, command };
  const before = await pushing.read(labels);
  await pushing.push(labels, () => renderNotifications(addNotifications(before?.notifications ?? {}, counts)));
}
