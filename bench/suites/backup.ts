// Stage 1 without the mirror: what a snapshot takes next to listing the cluster and forgetting it.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackupReport } from "@kubeferry/model";
import { type FreshKubeApi, type MinioServer, servers } from "@kubeferry/testbed";
import { startFullCluster } from "../cluster.ts";
import { runChild } from "../frame/child.ts";
import { kubeferry } from "../frame/kubeferry.ts";
import type { Sample, Setting, Suite } from "../frame/measure.ts";

/** What a snapshot may take, by `list`. */
const WANTED = 1.5;

export const backupSuite: Suite = {
  name: "backup",
  about:
    "A snapshot without the mirror, written to MinIO: the first one, and one of a cluster in which nothing changed.",
  async open(setting: Setting) {
    const [cluster, minio] = await Promise.all([startFullCluster(setting.objects), servers.minio()]);
    const kept = await freshStore(cluster, minio);
    await backUp(kept);
    let fresh = kept;
    return {
      subjects: [
        { name: "list", run: () => list(cluster) },
        {
          name: "first snapshot",
          prepare: async () => {
            fresh = await freshStore(cluster, minio);
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

/** A bucket, and the configuration file that names it. */
interface Store {
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

async function freshStore(cluster: FreshKubeApi, minio: MinioServer): Promise<Store> {
  const store = { type: "s3", endpoint: minio.endpoint, bucket: await minio.freshBucket(), region: minio.region };
  const keys = { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "${MINIO_SECRET_KEY}" };
  const config = join(await mkdtemp(join(tmpdir(), "kubeferry-bench-")), "kubeferry.yaml");
  const content = {
    metrics: { enabled: false },
    cluster: { name: "bench", domain: "example.internal" },
    kubernetes: { kubeconfig: cluster.kubeconfig },
    store: { ...store, ...keys },
    backup: { mirror: false },
  };
  await writeFile(config, JSON.stringify(content));
  return { config, env: { MINIO_ACCESS_KEY: minio.accessKey, MINIO_SECRET_KEY: minio.secretKey } };
}

/** Timed by its own report: from the connected process to the end of the run. */
async function backUp({ config, env }: Store): Promise<Sample> {
  const { stdout, sample } = await kubeferry(["backup", "--config", config, "--output", "json"], { env });
  const { durationMs, objects, segments } = JSON.parse(stdout) as BackupReport;
  const counts = { objects, "segments written": segments.written, "process ms": Math.round(sample.wallMs) };
  return { ...sample, wallMs: durationMs, counts };
}
