// Stage 1 next to listing the cluster and forgetting it: snapshots without the mirror, and runs in which nothing changed.
import { servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster } from "../cluster.ts";
import type { Claim, Setting, Suite } from "../frame/measure.ts";
import { listCluster } from "../limits/list.ts";

/** As many as a backup reads by default. */
const LISTS_AT_ONCE = 4;

export const backupSuite: Suite = {
  name: "backup",
  about:
    "Snapshots in MinIO, next to a bare loop over the same lists: the first one without the mirror, and runs in which nothing changed, without the mirror and with it. Several lists at once are shown as they are what a bare loop could do at best.",
  async open(setting: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(setting.objects), servers.minio()]);
    const kept = await freshPlace(cluster, minio, { mirror: false });
    const mirrored = await freshPlace(cluster, minio, { mirror: true });
    await backUp(kept);
    await backUp(mirrored);
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
        { name: "unchanged run with the mirror", run: () => backUp(mirrored) },
      ],
      claims: [
        atMost("first snapshot", 1.5, 5),
        atMost("unchanged snapshot", 1.5, 4),
        atMost("unchanged run with the mirror", 1.25, 4),
        atMost("unchanged run with the mirror", 0.5),
      ],
      close: () => cluster.stop(),
    };
  },
};

/** @param inCi the margin for few objects, where what every run costs weighs more than lists do */
function atMost(subject: string, lists: number, inCi?: number): Claim {
  return {
    what: `${subject} ≤ ${lists} × list`,
    ratio: (round) => round(subject).wallMs / round("list").wallMs,
    wanted: { atMost: lists },
    ...(inCi === undefined ? {} : { inCi: { atMost: inCi } }),
  };
}
