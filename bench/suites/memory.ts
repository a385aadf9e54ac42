// What a backup holds at most, next to a process that only imports what a backup imports.
import { type FreshKubeApi, type MinioServer, servers } from "@kubeferry/testbed";
import { type BackupPlace, backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster } from "../cluster.ts";
import type { Claim, Sample, Setting, Subject, Suite } from "../frame/measure.ts";
import { openFloor } from "../limits/floor.ts";

const MIB = 2 ** 20;
/** What a run may hold above `floor`. */
const ABOVE_FLOOR_BYTES = 60 * MIB;
const FLOOR = "floor";

export const memorySuite: Suite = {
  name: "memory",
  about:
    "The most that a backup has resident: the first one and one in which nothing changed, with and without the mirror.",
  async open({ objects }: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(objects), servers.minio()]);
    const mirrored = await backupPair(cluster, minio, { mirror: true });
    const bare = await backupPair(cluster, minio, { mirror: false });
    const { config, env } = bare.kept;
    const floor = await openFloor(["backup", "--config", config, "--output", "json"], env);
    const runs = [...bare.subjects, ...mirrored.subjects];
    return {
      subjects: [{ name: FLOOR, run: floor.run }, ...runs],
      claims: runs.map(({ name }) => withinFloor(name)),
      close: async () => {
        await floor.close();
        await cluster.stop();
      },
    };
  },
};

/** How much larger the large cluster is. */
const TIMES = 10;
/** What a cluster ten times as large may add, by the peak of the small one. */
const GROWTH = 1.25;

export const memoryGrowthSuite: Suite = {
  name: "memory-growth",
  byHandOnly: true,
  about:
    "The most that a backup without the mirror has resident, beside that of a cluster with a tenth of the objects.",
  async open({ objects }: Setting) {
    const minio = await servers.minio();
    const sizes = [Math.ceil(objects / TIMES), objects];
    const clusters = await Promise.all(sizes.map(startFullCluster));
    const pairs = await Promise.all(clusters.map((cluster) => backupPair(cluster, minio, { mirror: false })));
    const [small = [], large = []] = pairs.map(({ subjects }) => subjects);
    return {
      subjects: [...small.map((subject) => ({ ...subject, name: tenthOf(subject.name) })), ...large],
      claims: large.map(({ name }) => ({
        what: `peak of the ${name} ≤ ${GROWTH} × that of a tenth of the objects`,
        ratio: (round) => peakOf(round(name)) / peakOf(round(tenthOf(name))),
        wanted: { atMost: GROWTH },
        objects: [100_000],
      })),
      close: async () => {
        await Promise.all(clusters.map((cluster) => cluster.stop()));
      },
    };
  },
};

function tenthOf(name: string): string {
  return `${name}, a tenth of the objects`;
}

interface BackupPair {
  /** Backed up to already. */
  readonly kept: BackupPlace;
  readonly subjects: readonly Subject[];
}

async function backupPair(
  cluster: FreshKubeApi,
  minio: MinioServer,
  { mirror }: { readonly mirror: boolean },
): Promise<BackupPair> {
  const how = mirror ? "with the mirror" : "without the mirror";
  const kept = await freshPlace(cluster, minio, { mirror });
  await backUp(kept);
  let fresh = kept;
  const first: Subject = {
    name: `first run ${how}`,
    prepare: async () => {
      fresh = await freshPlace(cluster, minio, { mirror });
    },
    run: () => backUp(fresh),
  };
  return { kept, subjects: [first, { name: `unchanged run ${how}`, run: () => backUp(kept) }] };
}

function withinFloor(name: string): Claim {
  return {
    what: `peak of the ${name} ≤ floor + ${ABOVE_FLOOR_BYTES / MIB} MiB`,
    ratio: (round) => peakOf(round(name)) / (peakOf(round(FLOOR)) + ABOVE_FLOOR_BYTES),
    wanted: { atMost: 1 },
    inCi: { atMost: 1.6 },
  };
}

function peakOf({ peakRssBytes }: Sample): number {
  if (peakRssBytes === undefined) throw new Error("the process did not say how much it held");
  return peakRssBytes;
}
