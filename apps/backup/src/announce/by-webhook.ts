import { randomUUID } from "node:crypto";
import { type CallSender, completedEvent, createCallSender, receiverCheckEvent } from "@kubeferry/announce";
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
  const receiver = { url, keys: webhook.keys, timeoutMs: timeout, tls, network };
  const opened: { sender?: CallSender } = {};

  function sender(): CallSender {
    opened.sender ??= createCallSender({ ...receiver, attempts });
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
    async check(call) {
      const once = createCallSender({ ...receiver, attempts: 1 });
      try {
        await once.send(receiverCheckEvent({ id: randomUUID(), now: new Date() }), call);
      } finally {
        await once.close();
      }
      return `${url} takes calls that are signed with webhook.keys (asked without starting a run)`;
    },
    async close() {
      await opened.sender?.close();
    },
  };
}
