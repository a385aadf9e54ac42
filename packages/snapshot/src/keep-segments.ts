import { type Call, once } from "@kubeferry/model";
import type { SegmentRef } from "./manifest.ts";
import { parsedLine } from "./segment/lines.ts";
import { objectReading } from "./snapshot.ts";
import type { Snapshot } from "./snapshots.ts";

type Lines = Awaited<ReturnType<Snapshot["segmentObjects"]>>;

/**
 * The same snapshot for several who read all of it, at about the same time or one after another: a segment that was read
 * stays, and each of its lines is parsed once. What did not come for longest goes first, and what was checked is checked
 * again when it is read again.
 * @param maxRawBytes of lines that stay; a segment that is larger than this does not. Parsed, lines take some four times their bytes
 */
export function keepSegments(snapshot: Snapshot, maxRawBytes: number): Snapshot {
  const kept = createKept(maxRawBytes);
  const reading = {
    ...snapshot,
    async segmentObjects(segment: SegmentRef, call: Call) {
      return kept.get(segment) ?? kept.put(segment, readParsed(snapshot, segment, call));
    },
  };
  return { ...reading, ...objectReading(snapshot.manifest, reading) };
}

async function readParsed(snapshot: Snapshot, segment: SegmentRef, call: Call): Promise<Lines> {
  const lines = await snapshot.segmentObjects(segment, call);
  return lines.map((line) => ({ ...line, parsed: once(() => parsedLine(line)) }));
}

/** By reference and not by digest: what the manifest says of a segment was checked for this reference alone. */
interface Kept {
  get(segment: SegmentRef): Promise<Lines> | undefined;
  put(segment: SegmentRef, lines: Promise<Lines>): Promise<Lines>;
}

function createKept(maxRawBytes: number): Kept {
  const kept = new Map<SegmentRef, Promise<Lines>>();
  let bytes = 0;

  function drop(segment: SegmentRef): void {
    if (kept.delete(segment)) bytes -= segment.rawBytes;
  }

  return {
    get(segment) {
      const lines = kept.get(segment);
      if (lines === undefined) return undefined;
      kept.delete(segment);
      kept.set(segment, lines);
      return lines;
    },
    put(segment, lines) {
      if (segment.rawBytes > maxRawBytes) return lines;
      kept.set(segment, lines);
      bytes += segment.rawBytes;
      for (const [oldest] of kept) if (bytes > maxRawBytes) drop(oldest);
      // Why it could not be read is told to those who wait; the next one tries again.
      lines.catch(() => drop(segment));
      return lines;
    },
  };
}
