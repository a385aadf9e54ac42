import type { Announcer, BackupObserver } from "@kubeferry/backup";
import { type BackupReport, type Call, inSpan } from "@kubeferry/model";
import { connectCluster, openConfiguredStore } from "../compose/connect.ts";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import type { BackupRecorder } from "../metrics/backup-recorder.ts";
import { toldBackup } from "../notify/tell-ends.ts";
import { progressBar } from "../present/progress.ts";
import { toolVersion } from "../version.ts";

/** Who follows a run and who tells of it; what is left out nobody does. */
interface Company {
  /** Counts the run. */
  readonly recorder?: BackupRecorder;
  /** Tells stage 2. */
  readonly announcer?: Announcer | undefined;
}

/** Stage 1 with what the configuration names. */
export async function backupStage(session: Session, company: Company): Promise<BackupReport> {
  const { recorder } = company;
  const call = recorder?.call ?? session.call;
  try {
    const report = await toldBackup({ ...session, call }, (onCluster) => collect(session, { ...company, onCluster }));
    // What became of messages is pushed too.
    await recorder?.finished(report);
    return report;
  } catch (error) {
    await recorder?.failed(error);
    throw error;
  }
}

interface ToldCompany extends Company {
  /** Hears "domain/name" as soon as that is known. */
  readonly onCluster: (cluster: string) => void;
}

/** As one span, by the name that dashboards know. */
function collect(session: Session, company: ToldCompany): Promise<BackupReport> {
  const attributes = { cluster: clusterLabel(session.config), series: session.config.backup.series };
  return inSpan(company.recorder?.call ?? session.call, "cluster_backup", attributes, async (call, span) => {
    const report = await backUp(session, company, call);
    span?.set({ status: report.status, objects: report.objects, snapshot: report.snapshot });
    return report;
  });
}

async function backUp(session: Session, company: ToldCompany, call: Call): Promise<BackupReport> {
  const { recorder, announcer, onCluster } = company;
  const { config, runId } = session;
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
        ...(recorder === undefined ? {} : { observer: alsoTelling(recorder.observer, onCluster) }),
        ...(announcer === undefined ? {} : { announcer }),
        onProgress: ({ typesDone, typesTotal, objects }) => bar.show(typesDone, typesTotal, `${objects} objects`),
      },
      call,
    );
  } finally {
    bar.end();
    await kube.close();
  }
}

function alsoTelling(observer: BackupObserver, onCluster: ToldCompany["onCluster"]): BackupObserver {
  return {
    ...observer,
    onCluster(cluster) {
      onCluster(cluster);
      observer.onCluster(cluster);
    },
  };
}
