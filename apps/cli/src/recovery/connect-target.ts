import type { WritableKube } from "@kubeferry/kube";
import type { Config } from "@kubeferry/shared-config";
import type { TargetArguments } from "../commands/restore-options.ts";

/**
 * Connects to the cluster that is restored into: what the command line names, else `recovery.target`, else the
 * configured cluster itself. A context without a kubeconfig is one of the configured kubeconfig.
 * @throws KubeError "config"
 */
export async function connectTarget(config: Config, args: TargetArguments): Promise<WritableKube> {
  const { connectKubeForWriting } = await import("@kubeferry/kube");
  const { connectionsFor } = await import("@kubeferry/recovery");
  const { kubernetes, limits, recovery, retry } = config;
  const { target, restore } = recovery;
  const other = args.toKubeconfig ?? target.kubeconfig;
  const kubeconfig = other ?? kubernetes.kubeconfig;
  // Another file has contexts of its own.
  const context = args.toContext ?? target.context ?? (other === undefined ? kubernetes.context : undefined);
  const { maxApiRequestsPerSecond } = limits;
  return connectKubeForWriting({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    connections: connectionsFor(restore.concurrency),
    requestTimeoutMs: kubernetes.requestTimeoutMs,
    retry,
    ...(maxApiRequestsPerSecond === undefined ? {} : { requestsPerSecond: maxApiRequestsPerSecond }),
  });
}
