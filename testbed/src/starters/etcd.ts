import { join } from "node:path";
import { requireBinary } from "../binaries/resolve.ts";
import { freePort } from "../processes/ports.ts";
import { isPortClash, startProcess } from "../processes/start.ts";
import type { Run } from "../runs/run.ts";

const timeoutMs = 30_000;
const startAttempts = 3;

/** Starts the store of one API server. @returns its address for clients. */
export async function startEtcd(run: Run, name: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(run, name);
    } catch (error) {
      // Somebody took the port between the look and the start.
      if (attempt === startAttempts || !isPortClash(error)) throw error;
    }
  }
}

async function launch(run: Run, name: string): Promise<string> {
  const [clientPort, peerPort] = [await freePort(), await freePort()];
  const clientUrl = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const dataFolder = join(run.folder, name);
  await startProcess(run, {
    name,
    command: requireBinary("etcd").path,
    args: [
      "--name=testbed",
      `--data-dir=${join(dataFolder, "data")}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=testbed=${peerUrl}`,
      // Nothing here has to survive the machine.
      "--unsafe-no-fsync",
      "--log-level=warn",
    ],
    dataFolder,
    isReady: async (signal) => (await fetch(`${clientUrl}/health`, { signal })).ok,
    timeoutMs,
  });
  return clientUrl;
}
