import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectKube, type KubeApi, type KubeOptions } from "@kubeferry/kube";
import { type BackupReport, type Call, silentLog } from "@kubeferry/model";
import { observed, openStore, prefixed, type StoreHook } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";
import { onTestFinished } from "vitest";
import { runBackup } from "../run.ts";

/** A call that is not stopped and keeps no log. */
export const testCall: Call = { signal: new AbortController().signal, log: silentLog };

/** What one run gave. */
export interface TakenBackup {
  readonly report: BackupReport;
  readonly snapshot: Snapshot;
}

/** Runs of stage 1 one after the other into a folder of their own. */
export interface TestBackups {
  /** @param other what this run is configured with instead of what all are */
  run(call?: Call, other?: OtherSettings): Promise<TakenBackup>;
}

/** Sections of the configuration. */
interface OtherSettings {
  readonly backup?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** What a test wants different from an ordinary run. */
export interface TestBackupsOptions {
  readonly kubeconfig: string;
  readonly backup?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly kubernetes?: Readonly<Record<string, unknown>>;
  readonly connection?: Omit<KubeOptions, "kubeconfig">;
  /** Stands between the run and the API, to do something at a moment that a test needs. */
  readonly around?: (kube: KubeApi) => KubeApi;
  /** Told of every request of a run to the store. */
  readonly onStore?: StoreHook;
}

/** Opens them for the running test: without a mirror, tries soon repeated. */
export async function openTestBackups(options: TestBackupsOptions): Promise<TestBackups> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-backup-"));
  const path = join(folder, "store");
  const cluster = { name: "test", domain: "example.internal" };
  const file = join(folder, "kubeferry.yaml");
  const kubernetes = { kubeconfig: options.kubeconfig, ...options.kubernetes };
  const configured = async (other: OtherSettings) => {
    const { backup, limits = {} } = { ...options, ...other };
    const sections = { cluster, kubernetes, limits, backup: { mirror: false, ...backup } };
    await writeFile(file, JSON.stringify({ ...sections, store: { type: "folder", path } }));
    return (await loadConfig({ files: [file], env: {} })).config;
  };
  const store = await openStore({ type: "folder", path, prefix: "" });
  const watched = options.onStore === undefined ? store : observed(store, options.onStore);
  const retry = { attempts: 3, delayMs: 100 };
  const kube = await connectKube({ retry, ...options.connection, kubeconfig: options.kubeconfig });
  onTestFinished(() => kube.close());
  const series = openSeries(prefixed(store, "example.internal/test/"), "default");
  return {
    async run(call = testCall, other = {}) {
      const config = await configured(other);
      const around = options.around?.(kube) ?? kube;
      const run = { config, store: watched, kube: around, toolVersion: "test", now: () => new Date() };
      const report = await runBackup({ ...run, runId: crypto.randomUUID() }, call);
      return { report, snapshot: await series.at(report.sequence, testCall) };
    },
  };
}
