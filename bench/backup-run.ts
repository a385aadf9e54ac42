// Runs of `kubeferry backup` against real servers, timed by their own reports.
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackupReport } from "@kubeferry/model";
import type { FreshKubeApi, MinioServer } from "@kubeferry/testbed";
import { kubeferry } from "./frame/kubeferry.ts";
import type { Sample } from "./frame/measure.ts";

/** An empty bucket, and the configuration file that names it. */
export interface BackupPlace {
  readonly bucket: string;
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Where a cluster is backed up to for the first time. @param mirror `backup.mirror` */
export async function freshPlace(
  cluster: FreshKubeApi,
  minio: MinioServer,
  { mirror }: { readonly mirror: boolean },
): Promise<BackupPlace> {
  const bucket = await minio.freshBucket();
  const store = { type: "s3", endpoint: minio.endpoint, bucket, region: minio.region };
  const keys = { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "${MINIO_SECRET_KEY}" };
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  const config = join(folder, "kubeferry.yaml");
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, JSON.stringify(plainKubeconfig(cluster)), { mode: 0o600 });
  const content = {
    metrics: { enabled: false },
    cluster: { name: "bench", domain: "example.internal" },
    kubernetes: { kubeconfig },
    store: { ...store, ...keys },
    backup: { mirror },
  };
  await writeFile(config, JSON.stringify(content));
  return { bucket, config, env: { MINIO_ACCESS_KEY: minio.accessKey, MINIO_SECRET_KEY: minio.secretKey } };
}

/** As from inside of a cluster: answers are not compressed, and neither are those that the limit `list` reads. */
function plainKubeconfig({ url, caFile, adminToken }: FreshKubeApi): object {
  const cluster = { server: url, "certificate-authority": caFile, "disable-compression": true };
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "bench", cluster }],
    users: [{ name: "bench", user: { token: adminToken } }],
    contexts: [{ name: "bench", context: { cluster: "bench", user: "bench" } }],
    "current-context": "bench",
  };
}

/** Timed by its own report: from the connected process to the end of the run. */
export async function backUp({ config, env }: BackupPlace, nodeFlags: readonly string[] = []): Promise<Sample> {
  const { stdout, sample } = await kubeferry(["backup", "--config", config, "--output", "json"], { env, nodeFlags });
  const { durationMs, objects, segments, mirror } = JSON.parse(stdout) as BackupReport;
  const counts = {
    objects,
    "segments written": segments.written,
    "files put": mirror.put,
    "process ms": Math.round(sample.wallMs),
  };
  return { ...sample, wallMs: durationMs, counts };
}
