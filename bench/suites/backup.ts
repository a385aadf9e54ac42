// Stage 1 without the mirror, next to listing the cluster and forgetting it: a first run, and one in which nothing changed.
import { servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster } from "../cluster.ts";
import type { Setting, Suite } from "../frame/measure.ts";
import { listCluster } from "../limits/list.ts";
import { withinList } from "../limits/within-list.ts";

/** As many as a backup reads by default. */
const LISTS_AT_ONCE = 4;

export const backupSuite: Suite = {
  name: "backup",
  about:
    "Snapshots in MinIO without the mirror, next to a bare loop over the same lists: the first one, and one in which nothing changed. Several lists at once are shown as they are what a bare loop could do at best.",
  async open(setting: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(setting.objects), servers.minio()]);
    const kept = await freshPlace(cluster, minio, { mirror: false });
    await backUp(kept);
    let fresh = kept;
    return {
      subjects: [
        { name: "list", run: () => listCluster(cluster) },
        { name: "list, four at once", run: () => listCluster(cluster, LISTS_AT_ONCE) },
        {
          name: "first snapshot",
          prepare: async () => {
            fresh = await freshPlace(cluster, minio, { mirror: false });
          },
          run: () => backUp(fresh),
        },
        { name: "unchanged snapshot", run: () => backUp(kept) },
      ],
      claims: [withinList("first snapshot", 1.5, 7), withinList("unchanged snapshot", 1.5, 4)],
      close: () => cluster.stop(),
    };
  },
};
