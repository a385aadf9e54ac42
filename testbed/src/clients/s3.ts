import { randomBytes } from "node:crypto";
import type { S3Info } from "../starters/s3.ts";

/** A real S3 server. */
export interface S3Server extends S3Info {
  /** Makes an empty bucket. @returns its name. */
  freshBucket(): Promise<string>;
  /** @returns a bucket name that nobody has; nothing is made. */
  freshName(): string;
}

/** Talks to an S3 server that runs. */
export function createS3Server(info: S3Info): S3Server {
  const freshName = () => `test-${randomBytes(8).toString("hex")}`;
  return {
    ...info,
    freshName,
    async freshBucket() {
      const name = freshName();
      const { Client } = await import("minio");
      const { hostname, port } = new URL(info.endpoint);
      const client = new Client({
        endPoint: hostname,
        port: Number(port),
        useSSL: false,
        accessKey: info.accessKey,
        secretKey: info.secretKey,
        region: info.region,
      });
      await client.makeBucket(name, info.region);
      return name;
    },
  };
}
