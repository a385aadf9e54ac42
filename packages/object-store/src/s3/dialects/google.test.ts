import http from "node:http";
import { Secret } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { call, type OpenStore } from "../../contract/open-store.contract.ts";
import { objectStoreContract } from "../../store.contract.ts";
import type { S3StoreOptions } from "../options.ts";
import { createS3Store } from "../s3.ts";
import { GOOGLE_KEYS, startGoogleStandIn } from "../testing/google-stand-in.ts";
import { signatureHeaders } from "./signature.ts";

objectStoreContract("gcs on a stand-in", openGoogle, {
  keyBelowKey: "Google keeps an object and keys below it side by side, as AWS does",
});

describe("a put to Google", () => {
  it("with an etag that is no generation is a conflict, and not a bad request", async () => {
    const { store, close } = await openGoogle();
    const put = store.put(
      "key",
      new Uint8Array(),
      { condition: { ifMatch: "d41d8cd98f00b204e9800998ecf8427e" } },
      call,
    );
    await expect(put).rejects.toMatchObject({ name: "StorageError", kind: "conflict" });
    await close();
  });
});

describe.skipIf(missingServers("minio"))("the signature", () => {
  it("is right under Amazon's names, as MinIO says: Google's differ in names only", async () => {
    const server = await servers.minio();
    const bucket = await server.freshBucket();
    const keys = { accessKey: new Secret(server.accessKey), secretKey: new Secret(server.secretKey) };
    const by = { keys, region: server.region, at: new Date() };
    const names = {
      algorithm: "AWS4-HMAC-SHA256",
      keyPrefix: "AWS4",
      service: "s3",
      ending: "aws4_request",
      headerPrefix: "x-amz-",
    } as const;
    const body = new TextEncoder().encode("signed by us");
    const path = `/${bucket}/odd%20key%2B%C3%BC`;
    const { hostname, port, host } = new URL(server.endpoint);
    const unsigned = { method: "PUT", path, query: "x-id=PutObject", headers: { host, "x-amz-meta-a": "b   c" }, body };
    const headers = { ...unsigned.headers, ...signatureHeaders(unsigned, by, names) };
    const status = await new Promise((resolve, reject) => {
      const options = { hostname, port, method: "PUT", path: `${path}?${unsigned.query}`, headers };
      const request = http.request(options, (answer) => resolve(answer.resume().statusCode));
      request.on("error", reject).end(body);
    });
    expect(status).toBe(200);
  });
});

async function openGoogle(): Promise<OpenStore> {
  const standIn = await startGoogleStandIn("backups");
  const options: S3StoreOptions = {
    endpoint: standIn.url,
    provider: "gcs",
    bucket: "backups",
    accessKey: new Secret(GOOGLE_KEYS.accessKey),
    secretKey: new Secret(GOOGLE_KEYS.secretKey),
    autoCreateBucket: false,
    retry: { attempts: 3, delayMs: 10 },
  };
  const again = () => createS3Store(options);
  return {
    store: again(),
    again,
    missing: createS3Store({ ...options, bucket: "missing" }),
    secrets: [GOOGLE_KEYS.accessKey, GOOGLE_KEYS.secretKey],
    close: () => standIn.close(),
  };
}
