import { Secret } from "@kubeferry/model";
import type { S3Server } from "@kubeferry/testbed";
import { call, type OpenStore } from "../../contract/open-store.contract.ts";
import type { S3StoreOptions } from "../options.ts";
import { createS3Store } from "../s3.ts";

/** Options for a bucket of this server; pauses between tries are short, so that tests need not wait. */
export function optionsFor(server: S3Server, bucket: string, changes: Partial<S3StoreOptions> = {}): S3StoreOptions {
  return {
    endpoint: server.endpoint,
    bucket,
    accessKey: new Secret(server.accessKey),
    secretKey: new Secret(server.secretKey),
    autoCreateBucket: false,
    retry: { attempts: 3, delayMs: 10 },
    ...changes,
  };
}

/** A store in a bucket of its own. */
export async function openS3(server: S3Server, changes: Partial<S3StoreOptions> = {}): Promise<OpenStore> {
  const bucket = await server.freshBucket();
  const again = () => createS3Store(optionsFor(server, bucket, changes));
  const store = again();
  await store.prepare(call);
  return {
    store,
    again,
    missing: createS3Store(optionsFor(server, server.freshName())),
    secrets: [server.accessKey, server.secretKey],
    close: () => Promise.resolve(),
  };
}
