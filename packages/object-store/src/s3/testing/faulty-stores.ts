import type { S3Server } from "@kubeferry/testbed";
import type { ObjectStore } from "../../store.ts";
import type { S3StoreOptions } from "../options.ts";
import { createS3Store, type S3Runtime } from "../s3.ts";
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from "./fault-proxy.ts";
import { optionsFor } from "./open-s3.ts";

/** A store over a proxy that breaks what a test says. */
interface Faulty {
  /** Goes through the proxy. */
  readonly store: ObjectStore;
  /** Goes to the server itself. */
  readonly direct: ObjectStore;
  readonly proxy: FaultProxy;
  /** The pauses between tries, in order; they are not waited for. */
  readonly pauses: readonly number[];
}

/** Opens such stores, and closes what one test has opened. */
export interface FaultyStores {
  open(plan: Plan, changes?: Partial<S3StoreOptions>, runtime?: Partial<S3Runtime>): Promise<Faulty>;
  close(): Promise<void>;
}

type Plan = (request: SeenRequest, index: number) => Fault | undefined;

/** Each in a bucket of its own of this server. */
export function faultyStores(server: S3Server): FaultyStores {
  const proxies: FaultProxy[] = [];
  return {
    async open(plan, changes = {}, runtime = {}) {
      const bucket = await server.freshBucket();
      const proxy = await startFaultProxy(server.endpoint, plan);
      proxies.push(proxy);
      const pauses: number[] = [];
      const options = optionsFor(server, bucket, { endpoint: proxy.endpoint, ...changes });
      const store = createS3Store(options, { sleep: async (ms) => void pauses.push(ms), ...runtime });
      return { store, direct: createS3Store(optionsFor(server, bucket)), proxy, pauses };
    },
    async close() {
      for (const proxy of proxies.splice(0)) await proxy.close();
    },
  };
}

/** The first requests go wrong like this, all others go through. */
export function first(...faults: ReadonlyArray<Fault | undefined>): Plan {
  return (_, index) => faults[index];
}
