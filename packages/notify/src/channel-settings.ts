import type { NotificationsConfig } from "@kubeferry/shared-config";

/** One entry of `notifications.channels`. */
export type ChannelSettings = NotificationsConfig["channels"][string];
/** Those of one kind of channel. */
export type SettingsOf<Type extends ChannelSettings["type"]> = Extract<ChannelSettings, { readonly type: Type }>;
