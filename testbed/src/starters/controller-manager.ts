import { join } from "node:path";
import { requireBinary } from "../binaries/resolve.ts";
import { httpsRequest } from "../clients/https.ts";
import { freePort } from "../processes/ports.ts";
import { startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";
import type { KubeApiInfo } from "./kube-api.ts";

const timeoutMs = 60_000;

/** Enough for deleted namespaces to go and for owned objects to follow their owners. */
const defaultControllers = ["namespace-controller", "garbage-collector-controller"];

/**
 * Starts the controller manager of an API server.
 * @param controllers names as `--controllers` takes them; true for the default two.
 */
export async function startControllerManager(
  run: Run,
  apiName: string,
  api: KubeApiInfo,
  controllers: true | readonly string[],
): Promise<void> {
  const name = `${apiName}-controller-manager`;
  const port = await freePort();
  const dataFolder = join(run.folder, name);
  await startProcess(run, {
    name,
    command: requireBinary("kube-controller-manager").path,
    args: [
      `--kubeconfig=${api.kubeconfig}`,
      `--controllers=${(controllers === true ? defaultControllers : controllers).join(",")}`,
      `--service-account-private-key-file=${join(api.folder, "service-accounts.key")}`,
      `--root-ca-file=${api.caFile}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${dataFolder}`,
      // A claim that came before its volume was available is looked at again only then; the ordinary 15 s are long for a test.
      "--pvclaimbinder-sync-period=1s",
    ],
    dataFolder,
    isReady: (signal) => isListening(port, signal),
    timeoutMs,
  });
}

/** Its certificate is its own and says nothing: that something completes a TLS answer on the port is enough. */
async function isListening(port: number, signal: AbortSignal): Promise<boolean> {
  const answer = await httpsRequest({ url: `https://127.0.0.1:${port}/healthz`, authority: undefined, signal });
  return answer.status === 200;
}
