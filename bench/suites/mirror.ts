// Stage 1 with the mirror: what it takes next to listing the cluster and putting the same bodies.
import { servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { changeObjects, startFullCluster } from "../cluster.ts";
import type { Round, Setting, Suite } from "../frame/measure.ts";
import { listCluster } from "../limits/list.ts";
import { bestConcurrency, putBodies } from "../limits/put.ts";
import { withinList } from "../limits/within-list.ts";

/** What a first run may take, by `list` and `put` together. */
const WANTED_COLD = 1.25;
const UNCHANGED = "unchanged run with the mirror";
/** One of so many objects changes. */
const CHANGED = 100;

export const mirrorSuite: Suite = {
  name: "mirror",
  about:
    "A snapshot and a file an object, written to MinIO: of a cluster that was never backed up, of one in which nothing changed, and of one in which one object of a hundred did, evenly spread over all segments. `put` is a bare loop over the same client: of the mirror's files, and of everything that a run after a change stored.",
  async open({ objects }: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(objects), servers.minio()]);
    const kept = await freshPlace(cluster, minio, { mirror: true });
    await backUp(kept);
    const files = { from: kept.bucket, snapshots: false, modifiedFromMs: 0 };
    const concurrency = await bestConcurrency(minio, files);
    const state = { fresh: kept, changes: 0, changedAtMs: 0 };
    async function change(): Promise<void> {
      state.changes += 1;
      await changeObjects(cluster, objects, { every: CHANGED, mark: state.changes });
      state.changedAtMs = Date.now();
    }
    await change();
    await backUp(kept);
    return {
      subjects: [
        { name: "list", run: () => listCluster(cluster) },
        { name: "put", run: () => putBodies(minio, files, concurrency) },
        {
          name: "cold run",
          prepare: async () => {
            state.fresh = await freshPlace(cluster, minio, { mirror: true });
          },
          run: () => backUp(state.fresh),
        },
        { name: UNCHANGED, run: () => backUp(kept) },
        { name: "1 % changed", prepare: change, run: () => backUp(kept) },
        {
          name: "put of the changed",
          run: () =>
            putBodies(minio, { from: kept.bucket, snapshots: true, modifiedFromMs: state.changedAtMs }, concurrency),
        },
      ],
      claims: [
        {
          what: `cold run with the mirror ≤ ${WANTED_COLD} × (list + put)`,
          ratio: (round) => round("cold run").wallMs / wallOf(round, "list", "put"),
          wanted: { atMost: WANTED_COLD },
          objects: [10_000],
          inCi: { atMost: 4 },
        },
        withinList(UNCHANGED, 1.25, 4),
        withinList(UNCHANGED, 0.5),
        {
          what: "1 % changed ≤ unchanged + the puts of what changed",
          ratio: (round) => round("1 % changed").wallMs / wallOf(round, UNCHANGED, "put of the changed"),
          wanted: { atMost: 1 },
          inCi: { atMost: 5 },
        },
      ],
      close: () => cluster.stop(),
    };
  },
};

function wallOf(round: Round, ...subjects: readonly string[]): number {
  return subjects.reduce((sum, subject) => sum + round(subject).wallMs, 0);
}
