import { missingServers, servers } from "@kubeferry/testbed";
import { Client } from "minio";
import { describe, expect, it } from "vitest";
import { bodyOf, bytes, call, namesIn, textAt } from "../contract/open-store.contract.ts";
import { createS3Store } from "./s3.ts";
import { optionsFor } from "./testing/open-s3.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

describe.skipIf(missingServers("minio"))("a bucket with object lock", () => {
  it("takes puts of every kind, and says of each object until when it is locked", { timeout: 60_000 }, async () => {
    const { store } = await openLocked(3);
    const before = Date.now();
    const { etag } = await store.put("commit", bytes("one"), { condition: { ifAbsent: true } }, call);
    await store.put("commit", bytes("two"), { condition: { ifMatch: etag } }, call);
    await store.put("long", new Uint8Array(3_000_000), {}, call);
    for (const key of ["commit", "long"]) {
      const head = await store.head(key, call);
      const untilMs = head?.lockedUntil?.getTime() ?? 0;
      expect(untilMs).toBeGreaterThan(before + 3 * DAY_MS - 60_000);
      expect(untilMs).toBeLessThan(before + 3 * DAY_MS + 600_000);
      const object = await store.get(key, call);
      expect(object?.lockedUntil).toEqual(head?.lockedUntil);
      await bodyOf(object);
    }
  });

  it("hides a deleted key and keeps its bytes", { timeout: 60_000 }, async () => {
    const { store, client, bucket } = await openLocked(1);
    await store.put("gone", bytes("still here"), {}, call);
    await store.delete("gone", call);
    expect(await store.head("gone", call)).toBeUndefined();
    expect(await namesIn(store, "")).toEqual([]);
    const versions: Array<{ isDeleteMarker?: boolean; versionId?: string }> = [];
    for await (const item of client.listObjects(bucket, "", true, { IncludeVersion: true })) versions.push(item);
    const kept = versions.find(({ isDeleteMarker }) => isDeleteMarker !== true);
    expect(versions).toHaveLength(2);
    await expect(client.removeObject(bucket, "gone", { versionId: kept?.versionId ?? "" })).rejects.toThrow(
      /WORM protected/,
    );
    await store.put("gone", bytes("again"), { condition: { ifAbsent: true } }, call);
    expect(await textAt(store, "gone")).toBe("again");
  });

  it("says of a legal hold that it has no end", { timeout: 60_000 }, async () => {
    const { store, client, bucket } = await openLocked(1);
    await store.put("held", bytes("x"), {}, call);
    expect(await store.head("held", call)).not.toHaveProperty("legalHold");
    await client.setObjectLegalHold(bucket, "held", { status: "ON" });
    expect(await store.head("held", call)).toMatchObject({ legalHold: true });
  });
});

it.skipIf(missingServers("minio"))("an object of an ordinary bucket is not locked", async () => {
  const server = await servers.minio();
  const store = createS3Store(optionsFor(server, await server.freshBucket()));
  await store.put("free", bytes("x"), {}, call);
  const head = await store.head("free", call);
  expect(head).not.toHaveProperty("lockedUntil");
  expect(head).not.toHaveProperty("legalHold");
});

async function openLocked(days: number) {
  const server = await servers.minio();
  const bucket = await server.freshLockedBucket(days);
  const { hostname, port } = new URL(server.endpoint);
  const { accessKey, secretKey, region } = server;
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
  return { store: createS3Store(optionsFor(server, bucket)), client, bucket };
}
