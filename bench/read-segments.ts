// What reading a snapshot takes at least: every segment that it names is fetched, held against its digest, opened, split
// into lines, and thrown away.
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import type { ObjectReader } from "@kubeferry/object-store";
import type { Snapshot } from "@kubeferry/snapshot";
import { benchCall } from "./stored-snapshot.ts";

const AT_ONCE = 4;
const LINE_FEED = 0x0a;

const decompress = promisify(zstdDecompress);

/** What was read; a line is an object. */
export interface ReadSegments {
  readonly segments: number;
  readonly lines: number;
  readonly bytes: number;
}

/** @param store at the cluster's root */
export async function readSegments(store: ObjectReader, { manifest }: Snapshot): Promise<ReadSegments> {
  const digests = manifest.types.flatMap(({ segments }) => segments.map(({ sha256 }) => sha256));
  const next = digests.values();
  const counts = { segments: digests.length, lines: 0, bytes: 0 };
  const worker = async (): Promise<void> => {
    for (const sha256 of next) {
      const raw = await decompress(await fetched(store, sha256));
      for (let at = raw.indexOf(LINE_FEED); at >= 0; at = raw.indexOf(LINE_FEED, at + 1)) counts.lines++;
      counts.bytes += raw.length;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return counts;
}

async function fetched(store: ObjectReader, sha256: string): Promise<Buffer> {
  const found = await store.get(`_snapshots/segments/${sha256}.ndjson.zst`, benchCall);
  if (found === undefined) throw new Error(`segment ${sha256} is missing`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw new Error(`segment ${sha256} is damaged`);
  return bytes;
}
