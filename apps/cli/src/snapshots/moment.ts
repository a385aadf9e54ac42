import { type Call, KubeferryError } from "@kubeferry/model";
import { parseMoment, type Snapshot, type SnapshotSeries, snapshotAt } from "@kubeferry/snapshot";

/** "usage": a text that names no moment. */
class MomentError extends KubeferryError<"usage"> {}

/**
 * The snapshot that a person names by its moment.
 * @throws KubeferryError "usage" for a text that is no moment; SnapshotError "not-found"
 */
export function snapshotOf(series: SnapshotSeries, written: string, call: Call): Promise<Snapshot> {
  const moment = parseMoment(written, new Date());
  if (moment !== undefined) return snapshotAt(series, moment, call);
  throw new MomentError({
    kind: "usage",
    who: "snapshots",
    operation: `choose the snapshot "${written}"`,
    problem: "it names no moment",
    next: "write latest, latest~3, a snapshot's number, -2h, or a time such as 2026-11-20T06:00:00Z",
  });
}
