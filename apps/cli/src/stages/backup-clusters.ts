import type { Announcer } from "@kubeferry/backup";
import { type BackupReport, callWith } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import pMap from "p-map";
import { clusterLabel } from "../compose/pick-clusters.ts";
import type { Session } from "../compose/session.ts";
import type { Metrics } from "../metrics/open-metrics.ts";
import { backupStage } from "./backup-stage.ts";

/** Clusters backed up at one time: each is a client, a store and up to `limits.memory` of its own. */
const CLUSTERS_AT_ONCE = 4;

/** What came of one cluster. */
export type ClusterBackup =
  | { readonly session: Session; readonly report: BackupReport }
  | {
      readonly session: Session;
      readonly report: null;
      readonly error: unknown;
      /** The signal that ended it, if one did. */
      readonly stoppedBy: NodeJS.Signals | undefined;
    };

/**
 * Backs up several clusters, each with a client, a store and credentials of its own. One that fails is its own result,
 * and the others go on; told to stop, it begins no further one.
 */
export async function backupClusters(
  session: Session,
  clusters: readonly Config[],
  { metrics, announcer }: { readonly metrics: Metrics; readonly announcer: Announcer | undefined },
): Promise<readonly ClusterBackup[]> {
  const backUp = async (config: Config): Promise<ClusterBackup> => {
    const call = callWith(session.call, { cluster: clusterLabel(config) });
    const own = { ...session, config, call };
    try {
      call.signal.throwIfAborted();
      const recorder = metrics.recorder(config, call);
      return { session: own, report: await backupStage(own, { recorder, announcer }) };
    } catch (error) {
      return { session: own, report: null, error, stoppedBy: session.stoppedBy() };
    }
  };
  return pMap(clusters, backUp, { concurrency: CLUSTERS_AT_ONCE });
}
