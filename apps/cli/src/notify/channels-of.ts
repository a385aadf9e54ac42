import type { Config } from "@kubeferry/shared-config";

/** The channels that messages go through; none while nothing is sent. */
export function channelsOf({ notifications: { enabled, channels } }: Config): readonly string[] {
  return enabled ? Object.keys(channels) : [];
}
