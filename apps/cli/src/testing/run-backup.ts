import { runBackup } from "@kubeferry/backup";
import type { BackupReport } from "@kubeferry/model";
import { observed, type StoreHook } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import { testCall } from "./call.ts";

/** Runs stage 1 in this process, as the command line composes it, with a hook around every request to the store. */
export async function runTestBackup(
  file: string,
  env: NodeJS.ProcessEnv,
  hook: StoreHook = () => undefined,
  leaseTtlMs?: number,
): Promise<BackupReport> {
  const { config } = await loadConfig({ files: [file], env });
  const store = observed(await openConfiguredStore(config), hook);
  const kube = await connectCluster(config, testCall);
  const options = {
    config,
    store,
    kube,
    runId: crypto.randomUUID(),
    toolVersion: "test",
    now: () => new Date(),
    ...(leaseTtlMs === undefined ? {} : { leaseTtlMs }),
  };
  try {
    return await runBackup(options, testCall);
  } finally {
    await kube.close();
  }
}
