import { Buffer } from "node:buffer";
import { signCall } from "@kubeferry/announce";
import type { Channel, Surroundings } from "../../channel.ts";
import type { SettingsOf } from "../../channel-settings.ts";
import { post } from "../../post.ts";

/** Any receiver of JSON. With a key the call is signed as Standard Webhooks says; `webhook-id` tells a repeated try. */
export function createWebhook({ url, key }: SettingsOf<"webhook">, around: Surroundings): Channel {
  return {
    async send(message, signal) {
      const body = Buffer.from(JSON.stringify(message));
      const call = { id: message.id, timestamp: around.now(), body };
      const headers = {
        "webhook-id": call.id,
        "webhook-timestamp": String(Math.floor(call.timestamp.getTime() / 1000)),
        ...(key === undefined ? {} : { "webhook-signature": signCall(call, key) }),
      };
      await post({ url, body, headers }, around, signal);
    },
  };
}
