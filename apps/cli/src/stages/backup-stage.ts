import type { BackupReport } from "@kubeferry/model";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import type { Session } from "../compose/session.ts";
import type { BackupRecorder } from "../metrics/backup-recorder.ts";
import { progressBar } from "../present/progress.ts";
import { toolVersion } from "../version.ts";

/**
 * Stage 1 with what the configuration names.
 * @param recorder counts the run; left out: nobody does
 */
export async function backupStage(session: Session, recorder?: BackupRecorder): Promise<BackupReport> {
  try {
    const report = await collect(session, recorder);
    await recorder?.finished(report);
    return report;
  } catch (error) {
    await recorder?.failed(error);
    throw error;
  }
}

async function collect(session: Session, recorder: BackupRecorder | undefined): Promise<BackupReport> {
  const { config, runId } = session;
  const call = recorder?.call ?? session.call;
  const { runBackup } = await import("@kubeferry/backup");
  const store = await openConfiguredStore(config);
  const kube = await connectCluster(config, call);
  const bar = progressBar("types read");
  try {
    return await runBackup(
      {
        config,
        store: recorder?.measureStore(store) ?? store,
        kube: recorder?.measureKube(kube) ?? kube,
        runId,
        toolVersion: toolVersion(),
        now: () => new Date(),
        ...(recorder === undefined ? {} : { observer: recorder.observer }),
        onProgress: ({ typesDone, typesTotal, objects }) => bar.show(typesDone, typesTotal, `${objects} objects`),
      },
      call,
    );
  } finally {
    bar.end();
    await kube.close();
  }
}
