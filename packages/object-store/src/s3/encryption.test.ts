import { type FreshMinio, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytes, call, textAt } from "../contract/open-store.contract.ts";
import { objectStoreContract } from "../store.contract.ts";
import type { ServerEncryption } from "./options.ts";
import { createS3Store } from "./s3.ts";
import { startFaultProxy } from "./testing/fault-proxy.ts";
import { openS3, optionsFor } from "./testing/open-s3.ts";

const KEY = "backups";

describe.skipIf(missingServers("minio"))("encryption by the server", () => {
  let server: FreshMinio;
  beforeAll(async () => {
    server = await servers.freshMinio({ kmsKey: KEY });
  }, 60_000);
  afterAll(() => server.stop());

  it.each<[ServerEncryption, Record<string, unknown>]>([
    [{ type: "sse-s3" }, { "x-amz-server-side-encryption": "AES256" }],
    [
      { type: "sse-kms", kmsKeyId: KEY },
      { "x-amz-server-side-encryption": "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id": KEY },
    ],
  ])("%j is asked for with each put, and the server says that it did it", async (encryption, said) => {
    const bucket = await server.freshBucket();
    const proxy = await startFaultProxy(server.endpoint, () => undefined);
    const store = createS3Store(optionsFor(server, bucket, { endpoint: proxy.endpoint, encryption }));
    const { etag } = await store.put("key", bytes("body"), { condition: { ifAbsent: true } }, call);
    await store.put("key", bytes("next"), { condition: { ifMatch: etag } }, call);
    expect(await textAt(store, "key")).toBe("next");
    expect(proxy.seen[0]?.headers).toMatchObject(said);
    const { Client } = await import("minio");
    const { hostname, port } = new URL(server.endpoint);
    const { accessKey, secretKey, region } = server;
    const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
    const { metaData } = await client.statObject(bucket, "key");
    expect(metaData["x-amz-server-side-encryption"] ?? "kms").toMatch(/AES256|kms/);
    await proxy.close();
  });

  it("with a key that the key service does not know is an error, and stores nothing", async () => {
    const bucket = await server.freshBucket();
    const encryption = { type: "sse-kms", kmsKeyId: "unknown-key" } as const;
    const store = createS3Store(optionsFor(server, bucket, { encryption }));
    await expect(store.put("key", bytes("x"), {}, call)).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringContaining("store.encryption"),
    });
    expect(await store.head("key", call)).toBeUndefined();
  });

  it("that the server cannot do is an error, and stores nothing", async () => {
    const plain = await servers.minio();
    const encryption = { type: "sse-s3" } as const;
    const store = createS3Store(optionsFor(plain, await plain.freshBucket(), { encryption }));
    await expect(store.put("key", bytes("x"), {}, call)).rejects.toMatchObject({
      message: expect.stringContaining("store.encryption"),
    });
    expect(await store.head("key", call)).toBeUndefined();
  });

  objectStoreContract(
    "s3 on MinIO with SSE-KMS",
    () => openS3(server, { encryption: { type: "sse-kms", kmsKeyId: KEY } }),
    {
      keyBelowKey: "MinIO keeps an object and keys below it side by side, as AWS does",
    },
  );
});
