import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pinnedVersion } from "./binaries/cache.ts";
import { type BinaryName, binarySpec } from "./binaries/catalog.ts";
import { requireBinary } from "./binaries/resolve.ts";
import { type ArgoOracle, openArgoOracle } from "./clients/argo-oracle.ts";
import { type EtcdEntry, writeToEtcd } from "./clients/etcd.ts";
import { createGiteaServer, type GiteaServer } from "./clients/gitea.ts";
import { createKubeApi, type KubeApi } from "./clients/kube-api.ts";
import { createMinioServer, type MinioServer } from "./clients/minio.ts";
import { createPrometheus, type Prometheus } from "./clients/prometheus.ts";
import { createS3Server, type S3Server } from "./clients/s3.ts";
import { openYamlOracle, type YamlOracle } from "./clients/yaml-oracle.ts";
import { goModule, type ModuleName } from "./modules/go-module.ts";
import { killProcesses, stopProcesses } from "./processes/stop.ts";
import { OWN_PREFIX } from "./runs/clear-up.ts";
import { createRunFinder } from "./runs/current.ts";
import { noteUse, useNotes } from "./runs/notes.ts";
import { processesOf, type Run } from "./runs/run.ts";
import { sharedInstance } from "./runs/shared-instance.ts";
import { startGitea } from "./starters/gitea.ts";
import { type KubeApiOptions, restartKubeApi, startKubeApi } from "./starters/kube-api.ts";
import { type PrometheusOptions, startPrometheus, startPushgateway } from "./starters/prometheus.ts";
import { type MinioOptions, restartMinio, startMinio, startVersitygw } from "./starters/s3.ts";

/** An API server of one's own. */
export interface FreshKubeApi extends KubeApi {
  /** Ends the API server at once, in the middle of whatever it does; its etcd goes on. */
  kill(): Promise<void>;
  /** Starts it again after `kill`: same address, credentials and objects. */
  restart(): Promise<void>;
  /** Puts many objects into its etcd, past the API server. Nothing checks or completes them. */
  plant(entries: Iterable<EtcdEntry>): Promise<void>;
  /** Ends it; otherwise it ends with the run. */
  stop(): Promise<void>;
}

/** A MinIO of one's own. */
export interface FreshMinio extends MinioServer {
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again after `kill`: same address, keys and data. */
  restart(): Promise<void>;
  /** Ends it for good; otherwise it ends with the run. */
  stop(): Promise<void>;
}

/** Real servers for tests: one instance of each kind a test run, started when first asked for. */
export interface Servers {
  kubeApi(): Promise<KubeApi>;
  /** An instance of one's own, for tests that break it or count what is in it. */
  freshKubeApi(options?: KubeApiOptions): Promise<FreshKubeApi>;
  minio(): Promise<MinioServer>;
  /** An instance of one's own, for tests that break it or need it set up otherwise. */
  freshMinio(options?: MinioOptions): Promise<FreshMinio>;
  versitygw(): Promise<S3Server>;
  gitea(): Promise<GiteaServer>;
  /** A Prometheus of one's own, which ends with the run. */
  prometheus(options: PrometheusOptions): Promise<Prometheus>;
  /** A Pushgateway of one's own, which ends with the run. @returns its URL */
  pushgateway(): Promise<string>;
  /** Starts the program that compares JSON with YAML; close it. */
  yamlOracle(): YamlOracle;
  /** Starts the program that compares a cluster with a build as Argo CD does, once all types are there; close it. */
  argoOracle(kubeconfig: string): ArgoOracle;
  /** @returns the absolute path of a program, for those that are run and not served. */
  binary(name: BinaryName): string;
  /** @returns the version of every program that this run has used, by name */
  used(): Readonly<Record<string, string>>;
  /**
   * A folder that a whole test run shares, filled by whichever process asks first: what is costly to make and the same
   * for all. @returns its absolute path; it goes with the run
   */
  madeOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string>;
  /** Manifests of a real project: the folder of its pinned Go module in the module cache, read-only. */
  goModule(name: ModuleName): Promise<string>;
}

/** Makes the helper; each process needs one, `servers` of the package's index. */
export function createServers(): Servers {
  const currentRun = createRunFinder();
  const made = new Map<string, Promise<string>>();
  const use = (...names: readonly BinaryName[]): void => {
    for (const name of names) {
      const { path, source } = requireBinary(name);
      noteUse(currentRun().folder, { name, path, source, version: pinnedVersion(binarySpec(name)) });
    }
  };
  return {
    async kubeApi() {
      use("etcd", "kube-apiserver");
      return createKubeApi(await sharedInstance(currentRun(), "kube-apiserver", startKubeApi));
    },
    async freshKubeApi(options = {}) {
      use("etcd", "kube-apiserver");
      if (options.controllers !== undefined) use("kube-controller-manager");
      const run = currentRun();
      const name = ownName();
      const stop = () => stopInstance(run, name);
      try {
        const info = await startKubeApi(run, name, options);
        const itself = () => recordsOf(run, name).filter((record) => record.name === name);
        const kill = () => killProcesses(run, itself());
        const restart = () => restartKubeApi(run, name, info, options);
        const plant = (entries: Iterable<EtcdEntry>) => writeToEtcd(info.etcd, entries);
        return { ...createKubeApi(info), kill, restart, plant, stop };
      } catch (error) {
        await stop();
        throw error;
      }
    },
    async minio() {
      use("minio");
      return createMinioServer(await sharedInstance(currentRun(), "minio", startMinio));
    },
    async freshMinio(options = {}) {
      use("minio");
      const run = currentRun();
      const name = ownName();
      const stop = () => stopInstance(run, name);
      try {
        const info = await startMinio(run, name, options);
        const kill = () => killProcesses(run, recordsOf(run, name));
        const restart = async () => void (await restartMinio(run, name, info, options));
        return { ...createMinioServer(info), kill, restart, stop };
      } catch (error) {
        await stop();
        throw error;
      }
    },
    async versitygw() {
      use("versitygw");
      return createS3Server(await sharedInstance(currentRun(), "versitygw", startVersitygw));
    },
    async gitea() {
      use("gitea");
      return createGiteaServer(await sharedInstance(currentRun(), "gitea", startGitea));
    },
    async prometheus(options) {
      return createPrometheus(await startPrometheus(currentRun(), ownName(), options));
    },
    pushgateway: () => startPushgateway(currentRun(), ownName()),
    yamlOracle() {
      use("yaml-oracle");
      return openYamlOracle(requireBinary("yaml-oracle").path);
    },
    argoOracle(kubeconfig) {
      use("argo-oracle");
      return openArgoOracle(requireBinary("argo-oracle").path, kubeconfig);
    },
    binary(name) {
      use(name);
      return requireBinary(name).path;
    },
    used: () => Object.fromEntries(useNotes(currentRun().folder).map(({ name, version }) => [name, version])),
    madeOnce(name, fill) {
      const folder =
        made.get(name) ?? sharedInstance(currentRun(), name, (run) => filled(join(run.folder, name), fill));
      made.set(name, folder);
      return folder;
    },
    goModule: (name) => goModule(name),
  };
}

async function filled(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  await mkdir(folder, { recursive: true });
  await fill(folder);
  return folder;
}

function ownName(): string {
  return `${OWN_PREFIX}${randomBytes(4).toString("hex")}`;
}

/** Its data goes at once (etcd alone takes 128 MB of disk), its logs stay until the run ends. */
async function stopInstance(run: Run, name: string): Promise<void> {
  const records = recordsOf(run, name);
  await stopProcesses(run, records);
  for (const folder of [name, ...records.map((record) => record.name)]) {
    await rm(join(run.folder, folder), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function recordsOf(run: Run, name: string) {
  return processesOf(run).filter((record) => record.name.startsWith(name));
}
