import { mirrorView } from "@kubeferry/backup";
import { type Snapshot, type VerifyResult, verifySnapshot } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { count, note, print, printJson } from "../present/print.ts";
import { chosenSnapshot, type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** Reads all that a snapshot names and compares it with its digests; of the newest one the mirror too. */
export function verifySnapshots(args: SnapshotsArguments): Promise<number> {
  return withSnapshots(args, async (found, call, { backup, clean, layout }) => {
    const snapshot = await chosenSnapshot(found, args.sequence, call);
    if (snapshot === undefined) {
      note(`${found.cluster} has no snapshot yet; run \`kubeferry backup\``);
      return ExitCode.couldNotRun;
    }
    // The mirror shows the newest snapshot, and only where one is kept.
    const hasMirror = args.sequence === undefined && backup.mirror.enabled;
    const { secrets } = snapshot.manifest;
    const options = hasMirror ? { mirror: mirrorView({ clean, layout, backup: { ...backup, secrets } }) } : {};
    const result = await verifySnapshot(snapshot, found.root, call, options);
    const { problems, objects, sealed, parent } = result;
    if (args.output === "json") printJson({ snapshot: snapshot.key, objects, sealed, parent, problems });
    else print(describe(snapshot, result));
    return problems.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
  });
}

function describe({ key, manifest }: Snapshot, { objects, sealed, parent, problems }: VerifyResult): string {
  const verdict = problems.length === 0 ? "all as written" : count(problems.length, "problem");
  const head = `${key}: ${count(objects, "object")} read, ${verdict}`;
  const unopened = `  ${count(sealed, "object")} encrypted: their bytes are as written, and were not opened (no identity for them)`;
  const unlinked = `  snapshot ${manifest.sequence - 1}, which it was built on, is gone: that link cannot be checked`;
  const remarks = [...(sealed === 0 ? [] : [unopened]), ...(parent === "gone" ? [unlinked] : [])];
  return [head, ...remarks, ...problems.map(({ key: at, problem }) => `  ${at}: ${problem}`)].join("\n");
}
