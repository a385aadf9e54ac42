import type { Channel, Surroundings } from "./channel.ts";
import type { ChannelSettings, SettingsOf } from "./channel-settings.ts";

type Driver<Type extends ChannelSettings["type"]> = (
  settings: SettingsOf<Type>,
  around: Surroundings,
) => Promise<Channel>;

/** Each is loaded when it is asked for: who writes to Slack needs nothing of mail. */
const drivers: { readonly [Type in ChannelSettings["type"]]: Driver<Type> } = {
  slack: async (settings, around) => (await import("./channels/slack/slack.ts")).createSlack(settings, around),
  webhook: async (settings, around) => (await import("./channels/webhook/webhook.ts")).createWebhook(settings, around),
  email: async (settings, around) => (await import("./channels/email/email.ts")).createEmail(settings, around),
};

/** Opens nothing yet but files. @throws NotifyError "invalid" */
export function openChannel(settings: ChannelSettings, around: Surroundings): Promise<Channel> {
  switch (settings.type) {
    case "slack":
      return drivers.slack(settings, around);
    case "webhook":
      return drivers.webhook(settings, around);
    case "email":
      return drivers.email(settings, around);
    default:
      return settings satisfies never;
  }
}
