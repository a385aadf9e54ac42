import { mirrorView } from "@kubeferry/backup";
import { verifySnapshot } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { count, note, print, printJson } from "../present/print.ts";
import { chosenSnapshot, type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** Reads all that a snapshot names and compares it with its digests; of the newest one the mirror too. */
export function verifySnapshots(args: SnapshotsArguments): Promise<number> {
  return withSnapshots(args, async (found, call, { backup, layout }) => {
    const snapshot = await chosenSnapshot(found, args.sequence, call);
    if (snapshot === undefined) {
      note(`${found.cluster} has no snapshot yet; run \`kubeferry backup\``);
      return ExitCode.couldNotRun;
    }
    // The mirror shows the newest snapshot, and only where one is kept.
    const hasMirror = args.sequence === undefined && backup.mirror.enabled;
    const { secrets } = snapshot.manifest;
    const options = hasMirror ? { mirror: mirrorView({ layout, backup: { ...backup, secrets } }) } : {};
    const { problems, objects } = await verifySnapshot(snapshot, found.root, call, options);
    if (args.output === "json") printJson({ snapshot: snapshot.key, objects, problems });
    else print(describe(snapshot.key, objects, problems));
    return problems.length === 0 ? ExitCode.done : ExitCode.doneWithFailures;
  });
}

function describe(key: string, objects: number, problems: readonly { key: string; problem: string }[]): string {
  const head = `${key}: ${count(objects, "object")} read, ${problems.length === 0 ? "all as written" : count(problems.length, "problem")}`;
  return [head, ...problems.map(({ key: at, problem }) => `  ${at}: ${problem}`)].join("\n");
}
