import type { BackupReport } from "@kubeferry/model";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import type { Session } from "../compose/session.ts";
import { progressBar } from "../present/progress.ts";
import { toolVersion } from "../version.ts";

/** Stage 1 with what the configuration names. */
export async function backupStage({ config, call, runId }: Session): Promise<BackupReport> {
  const { runBackup } = await import("@kubeferry/backup");
  const store = await openConfiguredStore(config);
  const kube = await connectCluster(config, call);
  const bar = progressBar("types read");
  try {
    return await runBackup(
      {
        config,
        store,
        kube,
        runId,
        toolVersion: toolVersion(),
        now: () => new Date(),
        onProgress: ({ typesDone, typesTotal, objects }) => bar.show(typesDone, typesTotal, `${objects} objects`),
      },
      call,
    );
  } finally {
    bar.end();
    await kube.close();
  }
}
