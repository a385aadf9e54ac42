import type { Call } from "@kubeferry/model";
import { SnapshotError } from "./snapshot-error.ts";
import type { Snapshot, SnapshotSeries } from "./snapshots.ts";

/** Which snapshot of a series is meant. */
export type Moment =
  /** The newest, or so many before it. */
  | { readonly by: "place"; readonly back: number }
  | { readonly by: "sequence"; readonly sequence: number }
  /** The newest that was finished by then. */
  | { readonly by: "time"; readonly until: Date };

const LATEST = /^latest(?:~(\d{1,6}))?$/;
const SEQUENCE = /^#?(\d{1,10})$/;
const AGO = /^-(\d{1,6})(s|m|h|d|w)$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads what people write for a snapshot: "latest", "latest~3", "42" or "#42" (its number), "-2h", "-7d" (by then),
 * "2026-11-20T06:00:00Z", "2026-11-20" (midnight, UTC).
 * @returns undefined when it is none of these, so that a caller may take it for something else
 */
export function parseMoment(written: string, now: Date): Moment | undefined {
  const text = written.trim();
  const place = LATEST.exec(text);
  if (place !== null) return { by: "place", back: Number(place[1] ?? 0) };
  const sequence = SEQUENCE.exec(text);
  if (sequence !== null) return { by: "sequence", sequence: Number(sequence[1]) };
  const ago = AGO.exec(text);
  if (ago !== null) {
    return { by: "time", until: new Date(now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ""] ?? 0)) };
  }
  const time = DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : { by: "time", until: new Date(time) };
}

/**
 * The snapshot of a moment. Which of two is the later one is said by their numbers; of several that were finished by a
 * time the one with the highest is taken.
 * @throws SnapshotError "not-found" when the series has none of that moment, and as its readers do
 */
export async function snapshotAt(series: SnapshotSeries, moment: Moment, call: Call): Promise<Snapshot> {
  if (moment.by === "sequence") return series.at(moment.sequence, call);
  if (moment.by === "time") return finishedBy(series, moment.until, call);
  const newest = await series.newest(call);
  if (newest === undefined) throw missing("read the newest snapshot", "the series holds none");
  return moment.back === 0 ? newest : before(series, moment.back, call);
}

async function before(series: SnapshotSeries, back: number, call: Call): Promise<Snapshot> {
  const sequences = await sequencesOf(series, call);
  const sequence = sequences.at(-1 - back);
  if (sequence !== undefined) return series.at(sequence, call);
  throw missing(`read latest~${back}`, `the series holds ${sequences.length}`);
}

async function finishedBy(series: SnapshotSeries, until: Date, call: Call): Promise<Snapshot> {
  for (const sequence of (await sequencesOf(series, call)).reverse()) {
    const snapshot = await unlessPruned(() => series.at(sequence, call));
    if (snapshot !== undefined && Date.parse(snapshot.manifest.finishedAt) <= until.getTime()) return snapshot;
  }
  throw missing(`read the snapshot of ${until.toISOString()}`, "the series holds none that was finished by then");
}

async function sequencesOf(series: SnapshotSeries, call: Call): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { sequence } of series.list(call)) sequences.push(sequence);
  return sequences;
}

/** One that is pruned between the listing and the reading is no answer, and no error either. */
async function unlessPruned(read: () => Promise<Snapshot>): Promise<Snapshot | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SnapshotError && error.kind === "not-found") return undefined;
    throw error;
  }
}

function missing(operation: string, problem: string): SnapshotError {
  const next = "kubeferry snapshots list names those that are there";
  return new SnapshotError({ kind: "not-found", who: "snapshot", operation, problem, next });
}
