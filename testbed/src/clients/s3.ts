import { randomBytes } from "node:crypto";
import type { S3Info } from "../starters/s3.ts";

/** A real S3 server. */
export interface S3Server extends S3Info {
  /** Makes an empty bucket. @returns its name. */
  freshBucket(): Promise<string>;
  /**
   * Makes an empty bucket in which nobody, not even root, can remove a version before it is `days` old (object lock,
   * mode COMPLIANCE; 1 unless said). It goes with the server's folder. @returns its name
   */
  freshLockedBucket(days?: number): Promise<string>;
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
      await (await clientOf(info)).makeBucket(name, info.region);
      return name;
    },
    async freshLockedBucket(days = 1) {
      const { RETENTION_MODES, RETENTION_VALIDITY_UNITS } = await import("minio");
      const name = freshName();
      const client = await clientOf(info);
      await client.makeBucket(name, info.region, { ObjectLocking: true });
      await client.setObjectLockConfig(name, {
        mode: RETENTION_MODES.COMPLIANCE,
        unit: RETENTION_VALIDITY_UNITS.DAYS,
        validity: days,
      });
      return name;
    },
  };
}

async function clientOf({ endpoint, region, accessKey, secretKey }: S3Info) {
  const { Client } = await import("minio");
  const { hostname, port } = new URL(endpoint);
  return new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
}
