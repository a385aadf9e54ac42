import { randomUUID } from "node:crypto";
import type { Call, RetentionPolicy } from "@kubeferry/model";
import { type Config, retentionPolicyOf } from "@kubeferry/shared-config";
import { acquireLease, limitsSnapshots, type PruneResult, prune, type RetainedSnapshot } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { newsOfPrune } from "../notify/news-of-prune.ts";
import type { ToldAs } from "../notify/told-command.ts";
import { bytes, count, note, print, printJson, table } from "../present/print.ts";
import { protection } from "../present/reports.ts";
import type { ClusterSnapshots } from "./find-cluster.ts";
import { type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** What `kubeferry snapshots prune` is asked. */
export interface PruneArguments extends SnapshotsArguments {
  readonly dryRun: boolean;
}

/** Removes what retention lets go, under the lease of the series; or says what it would remove. */
export function pruneSnapshots(args: PruneArguments): Promise<number> {
  const told = args.dryRun ? undefined : TOLD_AS;
  return withSnapshots({ ...args, told }, async (found, call, config, telling) => {
    const { cluster } = found;
    if (!(await hasSnapshots(found, call))) {
      note(`${cluster} has no snapshot yet; run \`kubeferry backup\``);
      const text = "there is no snapshot of it yet; run `kubeferry backup`";
      await telling.ended({ outcome: "failure", title: TOLD_AS.failed(cluster), text, sameAs: "no snapshot" });
      return ExitCode.couldNotRun;
    }
    const policy = policyFor(found, config);
    const result = args.dryRun ? await look(found, policy, config, call) : await remove(found, policy, config, call);
    if (!limitsSnapshots(policy)) note("retention: nothing is configured to go; only bytes that no snapshot names are");
    if (args.output === "json") printJson({ cluster, dryRun: args.dryRun, ...result });
    else print(describe(result, args.dryRun));
    const { blocked, failures, interrupted } = result;
    if (interrupted) return ExitCode.stopped;
    await telling.ended(newsOfPrune(result, cluster));
    return blocked.length + failures.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
  });
}

const TOLD_AS: ToldAs = { component: "prune", failed: (target) => `retention of ${target} failed` };

/** Asked before anything is written: a mistyped name must not leave a lease behind. */
async function hasSnapshots({ series }: ClusterSnapshots, call: Call): Promise<boolean> {
  for await (const _ of series.list(call)) return true;
  return false;
}

/** The environment is that of the configured cluster: another one is kept by the section's own keys. */
function policyFor({ cluster }: ClusterSnapshots, config: Config): RetentionPolicy {
  const { name, domain } = config.cluster;
  const [ofDomain, ...ofName] = cluster.split("/");
  const isConfigured = (domain ?? ofDomain) === ofDomain && (name ?? ofName.join("/")) === ofName.join("/");
  return retentionPolicyOf(isConfigured ? config : { ...config, cluster: {} });
}

/** Writes nothing, not even to learn the store's time: this machine's stands in for it. */
function look(found: ClusterSnapshots, policy: RetentionPolicy, config: Config, call: Call): Promise<PruneResult> {
  return prune({ ...optionsOf(found, policy, config), storeTime: new Date(), dryRun: true }, call);
}

async function remove(
  found: ClusterSnapshots,
  policy: RetentionPolicy,
  config: Config,
  call: Call,
): Promise<PruneResult> {
  const { series } = config.backup;
  const asked = { store: found.root, series, runId: randomUUID(), work: "prune", now: () => new Date() } as const;
  const lease = await acquireLease(asked, call);
  try {
    return await prune({ ...optionsOf(found, policy, config), storeTime: lease.storeTime }, call);
  } finally {
    await lease.release({ failed: false }, call);
  }
}

function optionsOf(
  { root, protection, named }: ClusterSnapshots,
  policy: RetentionPolicy,
  { backup, retention, batchSize }: Config,
) {
  const { gcGraceMs } = retention;
  const { series } = backup;
  return { store: root, series, policy, gcGraceMs, trust: protection.trust, cluster: named, concurrency: batchSize };
}

function describe(result: PruneResult, dryRun: boolean): string {
  const { snapshots, removed, later, blocked, failures, interrupted } = result;
  const protections = new Map(
    later.map(({ key, lockedUntil }) => [key, protection(lockedUntil?.toISOString() ?? null)]),
  );
  const blobs = later.filter(({ key }) => !snapshots.some((snapshot) => snapshot.key === key));
  const verb = dryRun ? "would be removed" : "removed";
  return [
    table([["SNAPSHOT", "FINISHED", "STATE", "KEPT FOR"], ...snapshots.map((one) => row(one, verb, protections))]),
    ...blobs.map(({ key, lockedUntil }) => `${protection(lockedUntil?.toISOString() ?? null)}: ${key}`),
    ...failures.map(({ target, message }) => `failed: ${target}: ${message}`),
    ...blocked.map(({ key, problem }) => `nothing is removed while this cannot be read: ${key}: ${problem}`),
    ...(interrupted ? ["interrupted: what is left of this goes with the next prune"] : []),
    `${count(removed.snapshots, "snapshot")} and ${count(removed.blobs, "blob")} ${verb} (${bytes(removed.bytes)})`,
  ].join("\n");
}

function row(
  { sequence, key, finishedAt, complete, reasons }: RetainedSnapshot,
  verb: string,
  protections: ReadonlyMap<string, string>,
): string[] {
  const kept = reasons.length === 0 ? (protections.get(key) ?? verb) : reasons.join(", ");
  return [String(sequence), finishedAt, complete ? "complete" : "partial", kept];
}
