import { mirrorView } from "@kubeferry/backup";
import { type Call, clusterPath, KubeferryError, type SecretsMode } from "@kubeferry/model";
import { type ObjectStore, prefixed } from "@kubeferry/object-store";
import { type ImportedSnapshot, type ImportTarget, importSnapshots } from "@kubeferry/recovery";
import type { Config } from "@kubeferry/shared-config";
import {
  acquireLease,
  clusterRoot,
  createProtection,
  openSeries,
  type Snapshot,
  type SnapshotSeries,
  updateMirror,
} from "@kubeferry/snapshot";
import type { CommonArguments } from "../commands/options.ts";
import type { SnapshotArguments } from "../commands/snapshot-options.ts";
import { openConfiguredStore } from "../compose/connect.ts";
import { loadConfiguration } from "../compose/load-configuration.ts";
import { configOfOne } from "../compose/pick-clusters.ts";
import { openSession, type Session } from "../compose/session.ts";
import { ExitCode } from "../exit-code.ts";
import { count, print, printJson } from "../present/print.ts";
import { reportProblem } from "../present/problem.ts";
import { type ClusterSnapshots, findCluster } from "./find-cluster.ts";
import { snapshotOf } from "./moment.ts";

/** What `kubeferry snapshots import` is asked. */
export interface ImportArguments extends CommonArguments, SnapshotArguments {
  readonly from: string;
  readonly at: string;
  readonly all: boolean;
}

/** "usage": options that do not go together. */
class ImportUsageError extends KubeferryError<"usage"> {}

/** Copies snapshots out of the store that another configuration describes into this one's. */
export async function importToStore(args: ImportArguments): Promise<number> {
  let session: Session | undefined;
  try {
    checkOptions(args);
    session = await openSession(args, "snapshots");
    const source = await openSource(args, session.call);
    const config = configOfOne(session, clusterPath(source.named));
    const store = await openConfiguredStore(config);
    await store.prepare(session.call);
    const imported = await importInto(args, source, { config, store, runId: session.runId }, session.call);
    report(args, source, imported);
    return imported.every(({ outcome }) => outcome !== "older") ? ExitCode.done : ExitCode.doneWithFailures;
  } catch (error) {
    return reportProblem(error, session?.stoppedBy());
  } finally {
    await session?.close();
  }
}

function checkOptions({ all, at }: ImportArguments): void {
  if (!all || at === "latest") return;
  const problem = "--all takes every snapshot, and --at names one; leave one of them out";
  throw new ImportUsageError({ kind: "usage", who: "snapshots import", operation: `--all --at ${at}`, problem });
}

async function openSource({ from, cluster }: ImportArguments, call: Call): Promise<ClusterSnapshots> {
  const loaded = await loadConfiguration({ config: [from], configDir: [], set: [] });
  const config = configOfOne(loaded, cluster);
  const store = await openConfiguredStore(config);
  return findCluster(config, store, cluster, call);
}

interface Into {
  readonly config: Config;
  readonly store: ObjectStore;
  readonly runId: string;
}

async function importInto(
  args: ImportArguments,
  source: ClusterSnapshots,
  { config, store, runId }: Into,
  call: Call,
): Promise<ImportedSnapshot[]> {
  const root = prefixed(store, clusterRoot(config.layout.root, source.named));
  const { series } = config.backup;
  const protection = await createProtection(config);
  const target: ImportTarget = {
    store: root,
    series,
    protection,
    viewFor: (secrets) => viewOf(config, secrets),
    secrets: config.backup.secrets,
    uploads: config.batchSize,
    gcGraceMs: config.retention.gcGraceMs,
  };
  const snapshots = args.all ? all(source.series, call) : only(source.series, args.at, call);
  const lease = await acquireLease({ store: root, series, runId, work: "import", now: () => new Date() }, call);
  const imported: ImportedSnapshot[] = [];
  try {
    for await (const one of importSnapshots({ store: source.root, snapshots }, target, lease, call)) imported.push(one);
    if (config.backup.mirror.enabled) await bringMirrorUp(openSeries(root, series, protection), root, config, call);
  } finally {
    await lease.release({ failed: false }, call);
  }
  return imported;
}

/** The mirror shows the newest snapshot: by its mode of Secrets, whatever the configuration says of the next one. */
async function bringMirrorUp(series: SnapshotSeries, store: ObjectStore, config: Config, call: Call): Promise<void> {
  const newest = await series.newest(call);
  if (newest === undefined) return;
  const view = viewOf(config, newest.manifest.secrets);
  await updateMirror({ store, series, view, concurrency: config.batchSize }, call);
  call.signal.throwIfAborted();
}

function viewOf({ clean, layout, backup }: Config, secrets: SecretsMode) {
  return mirrorView({ clean, layout, backup: { ...backup, secrets } });
}

async function* all(series: SnapshotSeries, call: Call): AsyncIterable<Snapshot> {
  for await (const { sequence } of series.list(call)) yield series.at(sequence, call);
}

async function* only(series: SnapshotSeries, at: string, call: Call): AsyncIterable<Snapshot> {
  yield snapshotOf(series, at, call);
}

function report({ output }: ImportArguments, { cluster }: ClusterSnapshots, snapshots: readonly ImportedSnapshot[]) {
  if (output === "json") printJson({ cluster, snapshots });
  else print([`${cluster}: ${count(snapshots.length, "snapshot")} looked at`, ...snapshots.map(line)].join("\n"));
}

function line({ from, outcome, sequence, objects, sealed }: ImportedSnapshot): string {
  switch (outcome) {
    case "imported":
      return `snapshot ${from} is snapshot ${sequence} here: ${count(objects, "object")}, ${sealed} of them encrypted; verified`;
    case "present":
      return `snapshot ${from} is here already, as snapshot ${sequence}`;
    case "older":
      return `snapshot ${from} is not imported: this series holds a later state; another one takes it (--set backup.series=imported)`;
    default:
      return outcome satisfies never;
  }
}
