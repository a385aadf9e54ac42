// What others take for a part of the same work. Nothing is claimed of it: none of them does all of it.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type FreshKubeApi, type MinioServer, servers } from "@kubeferry/testbed";
import { backUp, freshPlace } from "../backup-run.ts";
import { startFullCluster, TYPES } from "../cluster.ts";
import { kubeferry } from "../frame/kubeferry.ts";
import type { Sample, Subject, Suite } from "../frame/measure.ts";
import { runProgram } from "../frame/program.ts";

const execute = promisify(execFile);

export const peersSuite: Suite = {
  name: "peers",
  about:
    "`kubectl get -o yaml` of the same types, output thrown away; `mc mirror` (where it is on PATH) of the mirror's files into an empty bucket; and kubeferry's first run with the mirror, which lists, keeps a snapshot, and writes those files.",
  byHandOnly: true,
  async open({ objects }) {
    const [cluster, minio] = await Promise.all([startFullCluster(objects), servers.minio()]);
    const files = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
    return {
      subjects: [
        firstRun(cluster, minio),
        kubectlGet(cluster),
        ...((await hasMc()) ? [await mcMirror(cluster, minio, files)] : []),
      ],
      claims: [],
      close: async () => {
        await rm(files, { recursive: true });
        await cluster.stop();
      },
    };
  },
};

function firstRun(cluster: FreshKubeApi, minio: MinioServer): Subject {
  return prepared(
    "kubeferry backup",
    () => freshPlace(cluster, minio, { mirror: true }),
    async (place) => {
      const { counts: { "process ms": wallMs = 0 } = {}, ...sample } = await backUp(place);
      // Of the whole process, as that of the others is.
      return { ...sample, wallMs };
    },
  );
}

function kubectlGet(cluster: FreshKubeApi): Subject {
  const args = ["--kubeconfig", cluster.kubeconfig, "get", TYPES.join(","), "--all-namespaces", "--output", "yaml"];
  const program = servers.binary("kubectl");
  return { name: "kubectl get -o yaml", run: () => runProgram([program, ...args]) };
}

/** Midnight Commander has the same name. */
async function hasMc(): Promise<boolean> {
  try {
    return (await execute("mc", ["--version"])).stdout.includes("MinIO");
  } catch {
    return false;
  }
}

/** @param folder where the files of a mirror are put, and what mc remembers */
async function mcMirror(cluster: FreshKubeApi, minio: MinioServer, folder: string): Promise<Subject> {
  const store = join(folder, "store");
  await writeMirror(cluster, { folder, store });
  const { protocol, host } = new URL(minio.endpoint);
  const env = { MC_HOST_bench: `${protocol}//${minio.accessKey}:${minio.secretKey}@${host}` };
  const options = ["--config-dir", join(folder, "mc"), "--quiet"];
  return prepared(
    "mc mirror",
    () => minio.freshBucket(),
    (bucket) => runProgram(["mc", ...options, "mirror", store, `bench/${bucket}`], env),
  );
}

/** The files of a mirror, and nothing else that a run writes. */
async function writeMirror(
  { kubeconfig }: FreshKubeApi,
  { folder, store }: { readonly folder: string; readonly store: string },
): Promise<void> {
  const config = join(folder, "kubeferry.yaml");
  const cluster = { name: "bench", domain: "example.internal" };
  await mkdir(store);
  await writeFile(
    config,
    JSON.stringify({ cluster, kubernetes: { kubeconfig }, store: { type: "folder", path: store } }),
  );
  await kubeferry(["backup", "--config", config]);
  await rm(join(store, cluster.domain, cluster.name, "_snapshots"), { recursive: true });
}

/** A subject that starts from what was made for it. */
function prepared<Made>(name: string, make: () => Promise<Made>, run: (made: Made) => Promise<Sample>): Subject {
  const made: Made[] = [];
  return {
    name,
    prepare: async () => {
      made.splice(0, 1, await make());
    },
    run: async () => {
      const [current] = made;
      if (current === undefined) throw new Error(`${name}: nothing was prepared`);
      return run(current);
    },
  };
}
