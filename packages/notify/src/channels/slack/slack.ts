import { Buffer } from "node:buffer";
import type { Channel, Surroundings } from "../../channel.ts";
import type { SettingsOf } from "../../channel-settings.ts";
import { post } from "../../post.ts";
import { slackPayload } from "./payload.ts";

/**
 * An incoming webhook of Slack, or of what speaks like it.
 * @see Slack, "Sending messages using incoming webhooks": 200 "ok", or 4xx with a word that says why
 */
export function createSlack({ url, channel }: SettingsOf<"slack">, around: Surroundings): Channel {
  return {
    async send(message, signal) {
      const body = Buffer.from(JSON.stringify(slackPayload(message, channel)));
      await post({ url, body, headers: {} }, around, signal);
    },
  };
}
