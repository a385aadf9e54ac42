import { randomUUID } from "node:crypto";
import { type CallSender, completedEvent, createCallSender } from "@kubeferry/announce";
import type { AnnounceConfig, NetworkConfig, WebhookConfig } from "@kubeferry/shared-config";
import type { Announcer } from "./announcer.ts";

/** What of the configuration a call is made of. */
export interface WebhookOptions {
  readonly announce: AnnounceConfig;
  readonly webhook: WebhookConfig;
  readonly network: NetworkConfig;
}

/** Tells stage 2 by a signed call. What cannot be used of the configuration is said when somebody is to be told. */
export function announceByWebhook({ announce, webhook, network }: WebhookOptions): Announcer {
  const { url = "", tls, timeout, attempts } = announce;
  const opened: { sender?: CallSender } = {};

  function sender(): CallSender {
    opened.sender ??= createCallSender({ url, keys: webhook.keys, timeoutMs: timeout, attempts, tls, network });
    return opened.sender;
  }

  return {
    via: "webhook",
    target: url,
    async tell(completed, call) {
      const context = { id: randomUUID(), now: new Date(), traceparent: call.span?.traceparent };
      await sender().send(completedEvent(completed, context), call);
      return { outcome: "told", target: url };
    },
    async close() {
      await opened.sender?.close();
    },
  };
}
