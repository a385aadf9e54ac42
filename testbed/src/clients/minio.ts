import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import type { S3Info } from "../starters/s3.ts";
import { createS3Server, type S3Server } from "./s3.ts";

/** Keys of one user. */
export interface MinioUser {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** MinIO: S3, and users whose rights a policy limits. */
export interface MinioServer extends S3Server {
  /** Makes a user with the rights of this policy document: `{ Version: "2012-10-17", Statement: [...] }`. */
  freshUser(policy: object): Promise<MinioUser>;
  /** Lends keys for a quarter of an hour, as a token service does, with the rights that a fresh user of this policy has. */
  freshSession(policy: object): Promise<MinioUser & { readonly sessionToken: string }>;
  /** From now on the server does not know these keys. */
  removeUser(accessKey: string): Promise<void>;
}

/** Talks to a MinIO that runs. */
export function createMinioServer(info: S3Info): MinioServer {
  const freshUser = async (policy: object): Promise<MinioUser> => {
    const user = { accessKey: `user${randomBytes(8).toString("hex")}`, secretKey: randomBytes(24).toString("hex") };
    const account = JSON.stringify({ secretKey: user.secretKey, status: "enabled" });
    await admin(info, "PUT", "add-user", { accessKey: user.accessKey }, encryptFor(info.secretKey, account));
    const name = `policy-of-${user.accessKey}`;
    await admin(info, "PUT", "add-canned-policy", { name }, Buffer.from(JSON.stringify(policy)));
    const grant = { policyName: name, userOrGroup: user.accessKey, isGroup: "false" };
    await admin(info, "PUT", "set-user-or-group-policy", grant);
    return user;
  };
  return {
    ...createS3Server(info),
    freshUser,
    async freshSession(policy) {
      const { AssumeRoleProvider } = await import("minio/dist/esm/AssumeRoleProvider.mjs");
      const user = await freshUser(policy);
      const provider = new AssumeRoleProvider({ ...user, stsEndpoint: info.endpoint, region: info.region });
      const lent = await provider.getCredentials();
      return {
        accessKey: lent.getAccessKey(),
        secretKey: lent.getSecretKey(),
        sessionToken: lent.getSessionToken() ?? "",
      };
    },
    removeUser: (accessKey) => admin(info, "DELETE", "remove-user", { accessKey }),
  };
}

/** Its administration listens below a path that looks like a bucket, and wants the same signatures. */
async function admin(
  { endpoint, region, accessKey, secretKey }: S3Info,
  method: string,
  operation: string,
  query: Readonly<Record<string, string>>,
  body: Buffer = Buffer.alloc(0),
): Promise<void> {
  const { Client } = await import("minio");
  const { hostname, port } = new URL(endpoint);
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
  const parts = {
    bucketName: "minio",
    objectName: `admin/v3/${operation}`,
    query: new URLSearchParams(query).toString(),
  };
  await client.makeRequestAsyncOmit({ method, ...parts }, body, [200, 204]);
}

/**
 * What the administration expects where a secret travels: salt, algorithm, nonce, and one sealed fragment.
 * @see github.com/minio/madmin-go EncryptData (PBKDF2 and AES-GCM, its algorithm 2), github.com/secure-io/sio-go
 */
function encryptFor(password: string, text: string): Buffer {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)];
  const key = pbkdf2Sync(password, salt, 8192, 32, "sha256");
  const seal = (sequence: number, plain: Buffer, associated: Buffer): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32LE(sequence);
    const cipher = createCipheriv("aes-256-gcm", key, Buffer.concat([nonce, counter])).setAAD(associated);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  const LAST = 0x80;
  const header = Buffer.concat([Buffer.from([LAST]), seal(0, Buffer.alloc(0), Buffer.alloc(0))]);
  return Buffer.concat([salt, Buffer.from([2]), nonce, seal(1, Buffer.from(text), header)]);
}
