import { connectKubeForWriting, type KubeApi, type KubeWriter } from "@kubeferry/kube";
import { servers } from "@kubeferry/testbed";
import { testCall } from "./planned-restore.ts";

/** A real API server, with what reads and writes it. */
export interface TestCluster {
  readonly server: Awaited<ReturnType<typeof servers.kubeApi>>;
  readonly kube: KubeApi;
  readonly writer: KubeWriter;
  /** UID of its namespace kube-system. */
  readonly uid: string;
}

/** Connects to the run's API server; close its `kube` at the end. */
export async function openTestCluster(): Promise<TestCluster> {
  const server = await servers.kubeApi();
  const { kube, writer } = await connectKubeForWriting({ kubeconfig: server.kubeconfig, connections: 8 });
  const { uid } = await kube.identify({}, testCall);
  return { server, kube, writer, uid };
}
