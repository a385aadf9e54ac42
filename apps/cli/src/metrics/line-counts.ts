import type { LogFields } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import {
  addNotifications,
  addSecurityEvents,
  createNotificationCounter,
  createSecurityEventCounter,
  type Pushed,
  renderNotifications,
  renderSecurityEvents,
} from "@kubeferry/telemetry";
import { channelsOf } from "../notify/channels-of.ts";

/** What is counted of one run's log lines: security events, and messages to people. */
export interface LineCounts {
  /** Looks at the fields of a line. */
  see(fields: LogFields | undefined): void;
  /** In Prometheus' text format. @param before what earlier processes pushed; undefined where nothing is known of it */
  render(before: Partial<Pushed> | undefined): Promise<string>;
}

/** Has seen nothing yet; each configured channel is there from the beginning. */
export function createLineCounts(config: Config): LineCounts {
  const events = createSecurityEventCounter();
  const notifications = createNotificationCounter();
  notifications.expect(channelsOf(config));
  return {
    see(fields) {
      events.see(fields);
      notifications.see(fields);
    },
    async render(before) {
      const ofEvents = await renderSecurityEvents(addSecurityEvents(before?.securityEvents ?? {}, events.counts()));
      const told = addNotifications(before?.notifications ?? {}, notifications.counts());
      return `${ofEvents}${await renderNotifications(told)}`;
    },
  };
}
