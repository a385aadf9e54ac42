import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type S3Server, servers } from "@kubeferry/testbed";

/** A place where one test's store lives, as configuration and environment name it. */
export interface TestStore {
  /** The `store` section, JSON being YAML. */
  readonly section: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Makes a fresh store of each kind; the keys travel by environment, as a user's would. */
export const freshStores = {
  MinIO: async (): Promise<TestStore> => s3Store(await servers.minio()),
  versitygw: async (): Promise<TestStore> => s3Store(await servers.versitygw()),
  folder: async (): Promise<TestStore> => ({
    section: { type: "folder", path: join(await freshFolder(), "store") },
    env: {},
  }),
} as const;

/** A fresh bucket of this server. */
export async function s3Store(server: S3Server): Promise<TestStore> {
  return {
    section: {
      type: "s3",
      endpoint: server.endpoint,
      bucket: await server.freshBucket(),
      region: server.region,
      accessKey: "${MINIO_ACCESS_KEY}",
      secretKey: "${MINIO_SECRET_KEY}",
    },
    env: { MINIO_ACCESS_KEY: server.accessKey, MINIO_SECRET_KEY: server.secretKey },
  };
}

/** A temporary folder of one test. */
export function freshFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "kubeferry-test-"));
}

/** Writes a configuration file into a folder of its own, without metrics unless said: tests would share their port. @returns its path */
export async function writeConfig(sections: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(await freshFolder(), "kubeferry.yaml");
  await writeFile(path, JSON.stringify({ metrics: { enabled: false }, ...sections }, undefined, 2));
  return path;
}
