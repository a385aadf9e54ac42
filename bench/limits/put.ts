// The limit `put`: what a store takes for the bodies of a run when nothing else is done.
import type { MinioServer } from "@kubeferry/testbed";
import { runChild } from "../frame/child.ts";
import type { Sample } from "../frame/measure.ts";

/** Tried in the sweep. */
const CONCURRENCIES = [4, 8, 16, 32, 64];
const BODIES_IN_SWEEP = 1_000;

/** Which bodies are put, and how. */
export interface PutRequest {
  readonly server: Pick<MinioServer, "endpoint" | "region" | "accessKey" | "secretKey">;
  /** Bucket that holds the bodies. */
  readonly from: string;
  /** Bucket they are put into; not the same one. */
  readonly to: string;
  /** Requests on their way at once. */
  readonly concurrency: number;
  /** Whether segments, states and manifests are put too, and not only the files of the mirror. */
  readonly snapshots: boolean;
  /** Bodies stored before this are left out; milliseconds since 1970, by the store's clock. */
  readonly modifiedFromMs: number;
  readonly limit?: number;
}

/** Bodies to put into a fresh bucket. */
export type Bodies = Pick<PutRequest, "from" | "snapshots" | "modifiedFromMs">;

/** A bare loop of puts at one concurrency. */
export async function putBodies(minio: MinioServer, bodies: Bodies, concurrency: number): Promise<Sample> {
  return put(minio, { ...bodies, concurrency });
}

/** The concurrency at which a thousand of the bodies are put soonest. */
export async function bestConcurrency(minio: MinioServer, bodies: Bodies): Promise<number> {
  let best = { concurrency: 1, wallMs: Number.POSITIVE_INFINITY };
  for (const concurrency of CONCURRENCIES) {
    const { wallMs } = await put(minio, { ...bodies, concurrency, limit: BODIES_IN_SWEEP });
    if (wallMs < best.wallMs) best = { concurrency, wallMs };
  }
  return best.concurrency;
}

async function put(minio: MinioServer, request: Omit<PutRequest, "server" | "to">): Promise<Sample> {
  const { endpoint, region, accessKey, secretKey } = minio;
  const server = { endpoint, region, accessKey, secretKey };
  return runChild("put", { ...request, server, to: await minio.freshBucket() } satisfies PutRequest);
}
