import type { Call } from "@kubeferry/model";
import { type ListedSnapshot, type Snapshot, SnapshotError, type SnapshotSeries } from "@kubeferry/snapshot";
import { ExitCode } from "../exit-code.ts";
import { note, print, printJson, table } from "../present/print.ts";
import { type SnapshotsArguments, withSnapshots } from "./with-snapshots.ts";

/**
 * Prints the snapshots, oldest first, each with what must be known before it is relied upon. One that cannot be read is
 * a row as well, and 1 the exit code: who looks for the last good one needs the others.
 */
export function listSnapshots(args: SnapshotsArguments): Promise<number> {
  return withSnapshots(args, async ({ cluster, series }, call) => {
    const rows: Row[] = [];
    for await (const listed of series.list(call)) rows.push(await rowOf(series, listed, call));
    if (args.output === "json") printJson({ cluster, snapshots: rows });
    else if (rows.length === 0) note(`${cluster} has no snapshot yet; run \`kubeferry backup\``);
    else print(table([HEAD, ...rows.map(cells)]));
    return rows.some((row) => "problem" in row) ? ExitCode.doneWithFailures : ExitCode.done;
  });
}

type Row = SnapshotRow | UnreadableRow;

interface SnapshotRow {
  readonly sequence: number;
  readonly finishedAt: string;
  readonly complete: boolean;
  readonly objects: number;
  readonly secrets: string;
  readonly signature: Snapshot["signature"]["state"];
  readonly claimsWithoutData: number;
}

interface UnreadableRow {
  readonly sequence: number;
  /** The kind of error: "damaged", "untrusted", "newer-format". */
  readonly problem: string;
  readonly message: string;
}

async function rowOf(series: SnapshotSeries, { sequence }: Pick<ListedSnapshot, "sequence">, call: Call): Promise<Row> {
  try {
    const { manifest, signature } = await series.at(sequence, call);
    const { finishedAt, complete, objects, secrets, claims } = manifest;
    const { state } = signature;
    return { sequence, finishedAt, complete, objects, secrets, signature: state, claimsWithoutData: claims };
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    return { sequence, problem: error.kind, message: error.message };
  }
}

const HEAD = ["SNAPSHOT", "FINISHED", "STATE", "OBJECTS", "SECRETS", "SIGNATURE", "PVC DATA"];

function cells(row: Row): string[] {
  if ("problem" in row) return [String(row.sequence), "-", row.problem, "-", "-", "-", "-"];
  return [
    String(row.sequence),
    row.finishedAt,
    row.complete ? "complete" : "partial",
    String(row.objects),
    row.secrets === "withhold" ? "withheld" : row.secrets,
    row.signature,
    row.claimsWithoutData === 0 ? "-" : `not included (${row.claimsWithoutData})`,
  ];
}
