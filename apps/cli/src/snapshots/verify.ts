import { mirrorView } from "@kubeferry/backup";
import type { Call } from "@kubeferry/model";
import {
  type MirrorView,
  type Snapshot,
  updateMirror,
  type VerifyOptions,
  type VerifyResult,
  verifySnapshot,
} from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { count, note, print, printJson } from "../present/print.ts";
import type { ClusterSnapshots } from "./find-cluster.ts";
import { chosenSnapshot, type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** What `kubeferry snapshots verify` is asked. */
export interface VerifyArguments extends SnapshotsArguments {
  /** The mirror follows from the snapshot and can be written again; nothing else can. */
  readonly repair: boolean;
}

/** Reads all that a snapshot names and compares it with its digests; of the newest one the mirror too. */
export function verifySnapshots(args: VerifyArguments): Promise<number> {
  return withSnapshots(args, async (found, call, { backup, batchSize, clean, layout }) => {
    const snapshot = await chosenSnapshot(found, args.sequence, call);
    if (snapshot === undefined) {
      note(`${found.cluster} has no snapshot yet; run \`kubeferry backup\``);
      return ExitCode.couldNotRun;
    }
    // The mirror shows the newest snapshot, and only where one is kept.
    const hasMirror = args.sequence === undefined && backup.mirror.enabled;
    const { secrets } = snapshot.manifest;
    const options: VerifyOptions = hasMirror
      ? { mirror: mirrorView({ clean, layout, backup: { ...backup, secrets } }) }
      : {};
    const first = await verifySnapshot(snapshot, found.root, call, options);
    const isRepaired = args.repair && (await repaired(found, first, options.mirror, batchSize, call));
    const result = isRepaired ? await verifySnapshot(snapshot, found.root, call, options) : first;
    const { problems, objects, sealed, parent } = result;
    if (args.output === "json") printJson({ snapshot: snapshot.key, objects, sealed, parent, problems });
    else print(describe(snapshot, result));
    return problems.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
  });
}

/** Writes the mirror anew where it is not as it should be. @returns whether it was; nothing is where there is no mirror */
async function repaired(
  { root, series }: ClusterSnapshots,
  { problems }: VerifyResult,
  view: MirrorView | undefined,
  concurrency: number,
  call: Call,
): Promise<boolean> {
  if (view === undefined || problems.length === 0) {
    if (view === undefined)
      note("--repair writes the mirror of the newest snapshot, and there is none to look at here");
    return false;
  }
  const { put, deleted, failures } = await updateMirror({ store: root, series, view, concurrency, repair: true }, call);
  call.signal.throwIfAborted();
  for (const { target, message } of failures) note(`failed: ${target}: ${message}`);
  note(`mirror written anew: ${count(put, "file")} written, ${deleted} removed`);
  return true;
}

function describe({ key, manifest }: Snapshot, { objects, sealed, parent, problems }: VerifyResult): string {
  const verdict = problems.length === 0 ? "all as written" : count(problems.length, "problem");
  const head = `${key}: ${count(objects, "object")} read, ${verdict}`;
  const unopened = `  ${count(sealed, "object")} encrypted: their bytes are as written, and were not opened (no identity for them)`;
  const unlinked = `  snapshot ${manifest.sequence - 1}, which it was built on, is gone: that link cannot be checked`;
  const remarks = [...(sealed === 0 ? [] : [unopened]), ...(parent === "gone" ? [unlinked] : [])];
  return [head, ...remarks, ...problems.map(({ key: at, problem }) => `  ${at}: ${problem}`)].join("\n");
}
