import { randomBytes, randomUUID } from "node:crypto";
import { type BackupCompleted, type BackupCompletedEvent, completedEvent, signCall } from "@kubeferry/announce";
import { Secret } from "@kubeferry/model";

/** A fresh signing key. */
export function freshKey(): Secret {
  return new Secret(`whsec_${randomBytes(32).toString("base64")}`);
}

/** What the backup of a cluster says. */
export function eventOf(cluster = "crc.testing/wrl62", more: Partial<BackupCompleted> = {}): BackupCompletedEvent {
  const data: BackupCompleted = {
    format: 1,
    cluster,
    series: "default",
    snapshot: `backups/${cluster}/_snapshots/default/0000000042.json`,
    sequence: 42,
    status: "complete",
    runId: randomUUID(),
    finishedAt: "2026-03-01T02:00:07.250Z",
    objects: 1204,
    changed: 3,
    removed: 1,
    ...more,
  };
  const traceparent = `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
  return completedEvent(data, { id: randomUUID(), now: new Date(), traceparent });
}

/** A signed request, as `fetch` takes it. */
export interface SignedRequest {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Signs a body, an event in structured mode unless said. */
export function signed(
  key: Secret,
  { id = randomUUID(), timestamp = new Date(), body = JSON.stringify(eventOf()), headers = {} }: SignedParts = {},
): SignedRequest {
  const signature = signCall({ id, timestamp, body: Buffer.from(body) }, key);
  return {
    method: "POST",
    headers: {
      "content-type": "application/cloudevents+json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(timestamp.getTime() / 1000)),
      "webhook-signature": signature,
      ...headers,
    },
    body,
  };
}

interface SignedParts {
  readonly id?: string;
  readonly timestamp?: Date;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}
