import { ExitCode } from "../exit-code.ts";
import { note, print, printJson, table } from "../present/print.ts";
import { type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/** Prints the snapshots, oldest first, each with what must be known before it is relied upon. */
export function listSnapshots(args: SnapshotsArguments): Promise<number> {
  return withSnapshots(args, async ({ cluster, series }, call) => {
    const rows: SnapshotRow[] = [];
    for await (const { sequence } of series.list(call)) {
      const { manifest } = await series.at(sequence, call);
      const { finishedAt, complete, objects, secrets, claims } = manifest;
      rows.push({ sequence, finishedAt, complete, objects, secrets, claimsWithoutData: claims });
    }
    if (args.output === "json") printJson({ cluster, snapshots: rows });
    else if (rows.length === 0) note(`${cluster} has no snapshot yet; run \`kubeferry backup\``);
    else print(table([HEAD, ...rows.map(cells)]));
    return ExitCode.done;
  });
}

interface SnapshotRow {
  readonly sequence: number;
  readonly finishedAt: string;
  readonly complete: boolean;
  readonly objects: number;
  readonly secrets: string;
  readonly claimsWithoutData: number;
}

const HEAD = ["SNAPSHOT", "FINISHED", "STATE", "OBJECTS", "SECRETS", "PVC DATA"];

function cells(row: SnapshotRow): string[] {
  return [
    String(row.sequence),
    row.finishedAt,
    row.complete ? "complete" : "partial",
    String(row.objects),
    row.secrets === "withhold" ? "withheld" : row.secrets,
    row.claimsWithoutData === 0 ? "-" : `not included (${row.claimsWithoutData})`,
  ];
}
