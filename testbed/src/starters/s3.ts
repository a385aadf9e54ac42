import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { requireBinary } from "../binaries/resolve.ts";
import { TestbedError } from "../errors.ts";
import { freePort } from "../processes/ports.ts";
import { isPortClash, startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";

const timeoutMs = 60_000;
const startAttempts = 3;
/** What MinIO encrypts its tests' objects with; the same after a restart. */
const KMS_SECRET = randomBytes(32).toString("base64");

/** An S3 server that runs; plain data, so that it can pass from process to process. */
export interface S3Info {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
}

/** How a MinIO of one's own differs from the shared one. */
export interface MinioOptions {
  /** The name of a key that the server holds itself: objects can then be encrypted with SSE-S3, and SSE-KMS by this name. */
  readonly kmsKey?: string;
  /** More of its environment: "MINIO_DOMAIN" makes it answer to https://bucket.domain/key. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts MinIO on one folder, with keys of its own. */
export async function startMinio(run: Run, name: string, options: MinioOptions = {}): Promise<S3Info> {
  return await onFreePort((port) => restartMinio(run, name, newInfo(port), options));
}

/** Starts MinIO with these keys at this address, and with the data that one of this name has left. */
export async function restartMinio(run: Run, name: string, info: S3Info, options: MinioOptions): Promise<S3Info> {
  const dataFolder = join(run.folder, name);
  const drive = join(dataFolder, "drive");
  mkdirSync(drive, { recursive: true, mode: 0o700 });
  await startProcess(run, {
    name,
    command: requireBinary("minio").path,
    args: [
      "server",
      "--quiet",
      `--address=${new URL(info.endpoint).host}`,
      `--console-address=127.0.0.1:${await freePort()}`,
      `--certs-dir=${join(dataFolder, "certs")}`,
      drive,
    ],
    env: {
      MINIO_ROOT_USER: info.accessKey,
      MINIO_ROOT_PASSWORD: info.secretKey,
      MINIO_BROWSER: "off",
      MINIO_UPDATE: "off",
      // Lets it keep its data on the disk that the system lies on.
      MINIO_CI_CD: "1",
      ...(options.kmsKey === undefined ? {} : { MINIO_KMS_SECRET_KEY: `${options.kmsKey}:${KMS_SECRET}` }),
      ...options.env,
    },
    dataFolder,
    isReady: async (signal) => (await fetch(`${info.endpoint}/minio/health/ready`, { signal })).ok,
    timeoutMs,
  });
  return info;
}

/** Starts versitygw on a folder: a second S3 that shares no code with MinIO. */
export async function startVersitygw(run: Run, name: string): Promise<S3Info> {
  try {
    return await launchVersitygw(run, name, []);
  } catch (error) {
    if (!(error instanceof TestbedError) || !/xattr/i.test(error.message)) throw error;
    // The file system keeps no extended attributes (some containers' does not).
    const sidecar = join(run.folder, name, "metadata");
    mkdirSync(sidecar, { recursive: true, mode: 0o700 });
    return await launchVersitygw(run, name, [`--sidecar=${sidecar}`]);
  }
}

async function launchVersitygw(run: Run, name: string, storage: readonly string[]): Promise<S3Info> {
  return await onFreePort(async (port) => {
    const info = newInfo(port);
    const dataFolder = join(run.folder, name);
    const drive = join(dataFolder, "drive");
    mkdirSync(drive, { recursive: true, mode: 0o700 });
    await startProcess(run, {
      name,
      command: requireBinary("versitygw").path,
      args: [
        `--port=127.0.0.1:${port}`,
        `--region=${info.region}`,
        "--health=/testbed-health",
        "--quiet",
        "posix",
        ...storage,
        drive,
      ],
      env: { ROOT_ACCESS_KEY: info.accessKey, ROOT_SECRET_KEY: info.secretKey },
      dataFolder,
      isReady: async (signal) => (await fetch(`${info.endpoint}/testbed-health`, { signal })).ok,
      timeoutMs,
    });
    return info;
  });
}

function newInfo(port: number): S3Info {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    accessKey: `testbed${randomBytes(6).toString("hex")}`,
    secretKey: randomBytes(24).toString("hex"),
    region: "us-east-1",
  };
}

async function onFreePort(start: (port: number) => Promise<S3Info>): Promise<S3Info> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === startAttempts || !isPortClash(error)) throw error;
    }
  }
}
