// For children that read a snapshot: which bucket it is in, and its newest one.
import { type Call, Secret, silentLog } from "@kubeferry/model";
import { type ObjectReader, type ObjectStore, openStore, prefixed } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";

/** Where the runs of `backup-run.ts` have written to. */
export interface StoredPlace {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

const ROOT = "example.internal/bench/";

/** Stopped by nobody, heard by nobody. */
export const benchCall: Call = { signal: new AbortController().signal, log: silentLog };

/** Connects to the bucket, at the cluster's root. */
export async function openPlace({ accessKey, secretKey, ...place }: StoredPlace): Promise<ObjectStore> {
  const keys = { accessKey: new Secret(accessKey), secretKey: new Secret(secretKey) };
  const retry = { attempts: 1, delayMs: 0 };
  return prefixed(await openStore({ type: "s3", ...place, ...keys, autoCreateBucket: false, retry }), ROOT);
}

/** The store of a configuration, as a run opens it. */
export async function openStoreOf(file: string, env: Readonly<Record<string, string>>): Promise<ObjectStore> {
  const { config } = await loadConfig({ files: [file], env });
  const { network, retry } = config;
  const s3 = { network, retry, maxConnections: config.batchSize };
  return openStore(config.store.type === "s3" ? { ...config.store, ...s3 } : config.store);
}

/** @throws Error for a bucket without one */
export async function newestOf(store: ObjectReader): Promise<Snapshot> {
  const snapshot = await openSeries(store, "default").newest(benchCall);
  if (snapshot === undefined) throw new Error("the store has no snapshot of this cluster");
  return snapshot;
}
