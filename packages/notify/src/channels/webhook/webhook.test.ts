import { signCall } from "@kubeferry/announce";
import { Secret } from "@kubeferry/model";
import { expect, it, onTestFinished } from "vitest";
import { startHttpReceiver } from "../../testing/http-receiver.ts";
import { around, failed } from "../../testing/surroundings.ts";
import { createWebhook } from "./webhook.ts";

const KEY = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

it("posts the message as JSON, signed with the key as the backup-complete call is", async () => {
  const receiver = await startHttpReceiver();
  onTestFinished(receiver.close);
  const settings = { type: "webhook", on: ["failure"], escalation: false, url: new Secret(receiver.url) } as const;
  await createWebhook({ ...settings, on: [...settings.on], key: KEY }, around).send(failed, AbortSignal.timeout(9_000));
  const [call] = receiver.posted;
  expect(JSON.parse(call?.body ?? "")).toEqual(failed);
  const body = Buffer.from(call?.body ?? "");
  expect(call?.headers).toMatchObject({
    "content-type": "application/json; charset=utf-8",
    "webhook-id": failed.id,
    "webhook-timestamp": "1772330400",
    "webhook-signature": signCall({ id: failed.id, timestamp: around.now(), body }, KEY),
  });
});
