import type { KubeApi } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import type { Config } from "@kubeferry/shared-config";

/** Connects to the configured cluster. Loaded when first needed: the client is the heaviest part of the program. */
export async function connectCluster(config: Config, _call: Call): Promise<KubeApi> {
  const { connectKube } = await import("@kubeferry/kube");
  const { kubeconfig, context, concurrency, requestTimeoutMs } = config.kubernetes;
  const { maxApiRequestsPerSecond } = config.limits;
  return connectKube({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    connections: concurrency,
    requestTimeoutMs,
    retry: config.retry,
    ...(maxApiRequestsPerSecond === undefined ? {} : { requestsPerSecond: maxApiRequestsPerSecond }),
  });
}

/** Opens the configured store. */
export async function openConfiguredStore(config: Config): Promise<ObjectStore> {
  const { openStore } = await import("@kubeferry/object-store");
  return openStore(
    config.store.type === "s3"
      ? { ...config.store, network: config.network, retry: config.retry, maxConnections: config.batchSize }
      : config.store,
  );
}
