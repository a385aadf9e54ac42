import type { Call } from "@kubeferry/model";
import { type ObjectReader, type ObjectStore, StorageError } from "@kubeferry/object-store";
import { z } from "zod";
import { SHA256_HEX } from "../blob/digest.ts";
import { damaged, readAtMost } from "../blob/read-blob.ts";
import { canonicalJson } from "../manifest/canonical-json.ts";
import { parseJsonText, refuseNewerFormat } from "../manifest/read-manifest.ts";

/** Beside the lease, the only key outside the mirror that is ever rewritten. */
export const MARKER_KEY = "_mirror.json";
const MAX_MARKER_BYTES = 1024 * 1024;

const Sha256 = z.string().regex(SHA256_HEX);
const Shown = z.object({ sequence: z.number().int().positive(), sha256: Sha256 });
const Claim = Shown.extend({
  fingerprint: z.string(),
  runId: z.string(),
  worker: z.string().min(1),
  quiet: z.literal(true).optional(),
});
const MarkerSchema = z.object({
  format: z.literal(1),
  series: z.string().min(1),
  snapshot: Shown.nullable(),
  fingerprint: z.string(),
  applying: Claim.optional(),
  overtaken: z.array(Claim).optional(),
});

/** A worker that set out to show a snapshot in the mirror, and may have written any part of it. */
export interface MirrorClaim {
  readonly sequence: number;
  readonly sha256: string;
  readonly fingerprint: string;
  /** Run that took the snapshot, for people. */
  readonly runId: string;
  /** Unique to one call of `updateMirror`. */
  readonly worker: string;
  /** The worker said that none of its requests is on its way any more. */
  readonly quiet?: true | undefined;
}

/** `_mirror.json`: what the mirror shows, and who may have written something else into it. */
export interface MirrorMarker {
  readonly format: 1;
  readonly series: string;
  readonly snapshot: { readonly sequence: number; readonly sha256: string } | null;
  /** Of the view the files of `snapshot` were rendered by. */
  readonly fingerprint: string;
  readonly applying?: MirrorClaim | undefined;
  /** Claims that another worker took over, while their own worker may still have been writing. */
  readonly overtaken?: readonly MirrorClaim[] | undefined;
}

/** A marker with the etag under which it can be changed. */
export interface HeldMarker {
  readonly marker: MirrorMarker;
  readonly etag: string;
}

/**
 * @returns undefined when there is none
 * @throws SnapshotError "damaged", "newer-format"
 */
export async function readMarker(store: ObjectReader, call: Call): Promise<HeldMarker | undefined> {
  const found = await store.get(MARKER_KEY, call);
  if (found === undefined) return undefined;
  const bytes = await readAtMost(found, MAX_MARKER_BYTES);
  if (bytes === undefined) throw damaged(MARKER_KEY, `it is larger than ${MAX_MARKER_BYTES} bytes`);
  const json = parseJsonText(bytes, MARKER_KEY);
  refuseNewerFormat(json, MARKER_KEY);
  const parsed = MarkerSchema.safeParse(json);
  if (!parsed.success) throw damaged(MARKER_KEY, "it is no mirror marker; delete it to have the mirror written anew");
  return { marker: parsed.data, etag: found.etag };
}

/**
 * Changes the marker if nobody else did since it was read.
 * @param held undefined: there was none
 * @returns undefined when somebody else was first
 */
export async function swapMarker(
  store: ObjectStore,
  held: HeldMarker | undefined,
  marker: MirrorMarker,
  call: Call,
): Promise<HeldMarker | undefined> {
  const body = canonicalJson(marker);
  const condition = held === undefined ? ({ ifAbsent: true } as const) : { ifMatch: held.etag };
  try {
    const { etag } = await store.put(MARKER_KEY, body, { condition, contentType: "application/json" }, call);
    return { marker, etag };
  } catch (error) {
    if (!(error instanceof StorageError) || error.kind !== "conflict") throw error;
  }
  // The answer to our own put may have been lost, and its repetition refused.
  const now = await readMarker(store, call);
  return now !== undefined && canonicalJson(now.marker).equals(body) ? now : undefined;
}
