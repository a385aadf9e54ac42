import type { Buffer } from "node:buffer";
import { type Call, type ClusterIdentity, clusterPath, compareTypes, compareUtf8, typeName } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { sha256Hex } from "../blob/digest.ts";
import { damaged, readAtMost } from "../blob/read-blob.ts";
import { sequenceOf } from "../keys.ts";
import type { SnapshotManifest, TypeEntry } from "../manifest.ts";
import type { Trust } from "../protection/signature.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { believe, type SignatureState } from "./believe.ts";
import { ManifestSchema } from "./manifest-schema.ts";

/** About 600 bytes a segment: enough for a hundred thousand segments. */
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** The newest format this version reads and writes. */
const FORMAT = 1;

/** A manifest with the digest of the bytes it was read from. */
export interface StoredManifest {
  readonly key: string;
  readonly signature: SignatureState;
  readonly sha256: string;
  readonly manifest: SnapshotManifest;
}

/** Whose manifests are expected. */
export interface ManifestOrigin {
  /** Whose signatures are believed; undefined: they are not looked at. */
  readonly trust?: Trust | undefined;
  /** The cluster whose folder it is; undefined: any. */
  readonly cluster?: Pick<ClusterIdentity, "domain" | "name"> | undefined;
}

/**
 * Reads and checks one manifest; who wrote it comes first.
 * @returns undefined when there is none under this key
 * @throws SnapshotError "damaged", "newer-format", "untrusted", "wrong-cluster"
 */
export async function readManifest(
  store: ObjectReader,
  series: string,
  key: string,
  call: Call,
  origin: ManifestOrigin = {},
): Promise<StoredManifest | undefined> {
  const found = await store.get(key, call);
  if (found === undefined) return undefined;
  const bytes = await readAtMost(found, MAX_MANIFEST_BYTES);
  if (bytes === undefined) throw damaged(key, `it is larger than ${MAX_MANIFEST_BYTES} bytes`);
  return parseManifest(bytes, series, key, origin);
}

/** @throws SnapshotError "damaged", "newer-format", "untrusted", "wrong-cluster" */
export function parseManifest(
  bytes: Buffer,
  series: string,
  key: string,
  { trust, cluster }: ManifestOrigin = {},
): StoredManifest {
  const { line, signature } = believe(bytes, series, key, trust);
  const json = parseJsonText(line, key);
  refuseNewerFormat(json, key);
  const parsed = ManifestSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw damaged(key, `${issue?.path.join(".") ?? "it"}: ${issue?.message ?? "is not a manifest"}`);
  }
  const manifest: SnapshotManifest = parsed.data;
  const problem = contradiction(manifest, series, key);
  if (problem !== undefined) throw damaged(key, problem);
  if (cluster !== undefined) refuseOtherCluster(key, manifest.cluster, cluster);
  return { key, sha256: sha256Hex(bytes), signature, manifest };
}

/** A manifest copied from another cluster's folder is whole, signed, and not this cluster's. */
function refuseOtherCluster(key: string, found: ClusterIdentity, expected: Pick<ClusterIdentity, "domain" | "name">) {
  if (clusterPath(found) === clusterPath(expected)) return;
  throw new SnapshotError({
    kind: "wrong-cluster",
    who: "snapshot",
    operation: `read ${key} of ${clusterPath(expected)}`,
    key,
    problem: `it says that it is of ${clusterPath(found)}`,
    next: "it was copied here, or the cluster's name or domain is configured differently since",
  });
}

/**
 * Refuses what a later version wrote: by its format number alone, because nothing else of it can be trusted to mean the same.
 * @throws SnapshotError "newer-format"
 */
export function refuseNewerFormat(json: unknown, key: string): void {
  if (typeof json !== "object" || json === null || !("format" in json)) return;
  if (typeof json.format !== "number" || json.format <= FORMAT) return;
  throw new SnapshotError({
    kind: "newer-format",
    who: "snapshot",
    operation: `read ${key}`,
    key,
    problem: `it has format ${json.format}, and this version knows formats up to ${FORMAT}`,
    next: "use a newer kubeferry for this bucket; nothing was written",
  });
}

/** @throws SnapshotError "damaged" */
export function parseJsonText(bytes: Buffer, key: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw damaged(key, "it is not JSON", cause);
  }
}

/** What a well-formed manifest says against its place or against itself. */
function contradiction(manifest: SnapshotManifest, series: string, key: string): string | undefined {
  if (manifest.series !== series) return `it belongs to series ${JSON.stringify(manifest.series)}`;
  if (manifest.sequence !== sequenceOf(series, key)) return `it says sequence ${manifest.sequence}`;
  if ((manifest.sequence === 1) !== (manifest.parent === null)) return "its sequence and its parent do not fit";
  if (manifest.objects !== sum(manifest.types)) return "its count of objects is not the sum of its types";
  let previous: TypeEntry | undefined;
  for (const type of manifest.types) {
    if (previous !== undefined && compareTypes(previous, type) >= 0) return "its types are out of order";
    const problem = typeContradiction(type);
    if (problem !== undefined) return `${typeName(type)}: ${problem}`;
    previous = type;
  }
  return undefined;
}

function typeContradiction(type: TypeEntry): string | undefined {
  if (type.objects !== sum(type.segments)) return "the count of objects is not the sum of its segments";
  const ends: { open?: string; sealed?: string } = {};
  let start: string | undefined;
  for (const { first, last, sealed } of type.segments) {
    const run = sealed === undefined ? "open" : "sealed";
    if (compareUtf8(first, last) > 0) return "a segment ends before it starts";
    const end = ends[run];
    const outOfOrder = start !== undefined && compareUtf8(start, first) >= 0;
    if (outOfOrder || (end !== undefined && compareUtf8(end, first) >= 0)) return "the segments are out of order";
    ends[run] = last;
    start = first;
  }
  return undefined;
}

function sum(parts: readonly { readonly objects: number }[]): number {
  return parts.reduce((total, part) => total + part.objects, 0);
}
