// Stage 1 without the mirror: what a snapshot takes next to listing the cluster and forgetting it.
import { type FreshKubeApi, servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster } from "../cluster.ts";
import { runChild } from "../frame/child.ts";
import type { Sample, Setting, Suite } from "../frame/measure.ts";

/** What a snapshot may take, by `list`. */
const WANTED = 1.5;

export const backupSuite: Suite = {
  name: "backup",
  about:
    "A snapshot without the mirror, written to MinIO: the first one, and one of a cluster in which nothing changed.",
  async open(setting: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(setting.objects), servers.minio()]);
    const kept = await freshPlace(cluster, minio, { mirror: false });
    await backUp(kept);
    let fresh = kept;
    return {
      subjects: [
        { name: "list", run: () => list(cluster) },
        {
          name: "first snapshot",
          prepare: async () => {
            fresh = await freshPlace(cluster, minio, { mirror: false });
          },
          run: () => backUp(fresh),
        },
        { name: "unchanged snapshot", run: () => backUp(kept) },
      ],
      claims: ["first snapshot", "unchanged snapshot"].map((name) => ({
        what: `${name} ≤ ${WANTED} × list`,
        ratio: (round) => round(name).wallMs / round("list").wallMs,
        wanted: { atMost: WANTED },
        inCi: { atMost: 4 },
      })),
      close: () => cluster.stop(),
    };
  },
};

function list({ url, caFile, adminToken: token }: FreshKubeApi): Promise<Sample> {
  return runChild("list", { url, caFile, token });
}
