import { type Call, isJsonObject, type JsonValue, noteSecurityEvent, typeName } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { readStored } from "../blob/read-blob.ts";
import { isSecrets } from "../is-secrets.ts";
import { blobKey, manifestKey, segmentKey } from "../keys.ts";
import { type ParentLink, parentLink } from "../manifest/parent-link.ts";
import { readManifest } from "../manifest/read-manifest.ts";
import type { SegmentRef, TypeEntry } from "../manifest.ts";
import { MARKER_KEY } from "../mirror/marker.ts";
import { parsedLine } from "../segment/lines.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type { MirrorView, ObjectState, Snapshot } from "../snapshots.ts";
import { verifyMirror } from "./verify-mirror.ts";

/** One thing that is not as it should be. */
export interface VerifyProblem {
  /** Of the store, from the cluster's root. */
  readonly key: string;
  readonly problem: string;
}

/** What was found. */
export interface VerifyResult {
  readonly ok: boolean;
  readonly problems: readonly VerifyProblem[];
  /** Objects that were read and are what the manifest says. */
  readonly objects: number;
  /** Objects that are encrypted and could not be opened here: their stored bytes are those that were written. */
  readonly sealed: number;
  /** "gone": the snapshot it was built on was pruned, so that link cannot be checked. A broken one is a problem. */
  readonly parent: ParentLink;
}

/** What else is looked at. */
export interface VerifyOptions {
  /** With it, every file of the mirror is compared with what the view renders. */
  readonly mirror?: MirrorView;
  /**
   * "stored": of the API documents the stored bytes alone are compared with the manifest. They are as large as a thousand
   * objects; whoever needs them opens them, and is told then what is wrong with what they hold.
   */
  readonly api?: "stored";
}

/**
 * Reads everything that a snapshot names, and compares digests, sizes, frames, lines, order, counts, states, the API
 * documents and the link to the parent. Holds one segment in memory; with `mirror`, also the keys of its files.
 * @throws StorageError when the store itself fails; what is damaged or missing is a problem in the result
 */
export async function verifySnapshot(
  snapshot: Snapshot,
  store: ObjectReader,
  call: Call,
  options: VerifyOptions = {},
): Promise<VerifyResult> {
  const problems: VerifyProblem[] = [];
  const seen = { objects: 0, sealed: 0 };
  const parent = await verifyParent(snapshot, store, problems, call);
  const { mirror, api } = options;
  const apiKey = blobKey("api", snapshot.manifest.api.sha256);
  const checkApi = async () => {
    if (api === "stored") await readStored(store, apiKey, snapshot.manifest.api, call);
    else await verifyApi(apiKey, snapshot, problems, call);
  };
  await noteDamage(problems, apiKey, checkApi, call);
  for (const type of snapshot.manifest.types) {
    for (const segment of type.segments) {
      await noteDamage(
        problems,
        segmentKey(segment),
        async () => {
          if (snapshot.isReadable(segment))
            seen.objects += await verifySegment(snapshot, type, segment, problems, call);
          else seen.sealed += await verifySealed(snapshot, store, segment, call);
        },
        call,
      );
    }
  }
  if (mirror !== undefined) {
    await noteDamage(problems, MARKER_KEY, () => verifyMirror({ snapshot, store, view: mirror, problems }, call), call);
  }
  return { ok: problems.length === 0, problems, ...seen, parent };
}

/** Turns damage into a problem, so that one bad blob does not hide the next. */
async function noteDamage<Result>(
  problems: VerifyProblem[],
  key: string,
  check: () => Promise<Result>,
  call: Call,
): Promise<Result | undefined> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    noteSecurityEvent(error, call);
    const found = { key: error.key ?? key, problem: error.message };
    // The mirror is made of segments: one that is damaged is met twice.
    if (!problems.some((known) => known.key === found.key && known.problem === found.problem)) problems.push(found);
    return undefined;
  }
}

/** Deleting a manifest never harms another, so a parent that is gone is no problem; a different one is. */
async function verifyParent(
  { key, manifest }: Snapshot,
  store: ObjectReader,
  problems: VerifyProblem[],
  call: Call,
): Promise<ParentLink> {
  const parentKey = manifestKey(manifest.series, manifest.sequence - 1);
  const link = await parentLink(store, manifest, call);
  if (link === "broken") problems.push({ key, problem: `its parent is another than ${parentKey}` });
  if (link === "matches")
    await noteDamage(problems, parentKey, () => verifyCluster({ key, manifest }, store, problems, call), call);
  return link;
}

async function verifyCluster(
  { key, manifest }: Pick<Snapshot, "key" | "manifest">,
  store: ObjectReader,
  problems: VerifyProblem[],
  call: Call,
): Promise<void> {
  const parentKey = manifestKey(manifest.series, manifest.sequence - 1);
  const parent = await readManifest(store, manifest.series, parentKey, call);
  if (parent !== undefined && parent.manifest.cluster.uid !== manifest.cluster.uid) {
    problems.push({ key, problem: `its cluster is another than that of ${parentKey}` });
  }
}

async function verifyApi(key: string, snapshot: Snapshot, problems: VerifyProblem[], call: Call): Promise<void> {
  const { discovery, openapi } = await snapshot.api(call);
  if (!isJson(discovery)) problems.push({ key, problem: "its discovery document is not JSON" });
  for (const [path, document] of Object.entries(openapi)) {
    if (!isJson(document)) problems.push({ key, problem: `its OpenAPI document ${path} is not JSON` });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Without an identity: the bytes as they are stored, and what is known of the objects beside them. */
async function verifySealed(snapshot: Snapshot, store: ObjectReader, segment: SegmentRef, call: Call): Promise<number> {
  await snapshot.segmentStates(segment, call);
  await readStored(store, segmentKey(segment), segment, call);
  return segment.objects;
}

/** @returns the number of objects that are what the manifest says */
async function verifySegment(
  snapshot: Snapshot,
  type: TypeEntry,
  segment: SegmentRef,
  problems: VerifyProblem[],
  call: Call,
): Promise<number> {
  const states = await snapshot.segmentStates(segment, call);
  const objects = await snapshot.segmentObjects(segment, call);
  let good = 0;
  for (const [index, line] of objects.entries()) {
    const problem = objectProblem(type, segment, parsedLine(line), states[index]);
    if (problem === undefined) good++;
    else problems.push({ key: segmentKey(segment), problem: `${typeName(type)} ${line.key}: ${problem}` });
  }
  return good;
}

function objectProblem(
  type: TypeEntry,
  { sealed }: SegmentRef,
  object: JsonValue | undefined,
  state: ObjectState | undefined,
): string | undefined {
  if (!isJsonObject(object) || !isJsonObject(object.metadata)) return "is not JSON of an object";
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const key = namespace === undefined || namespace === "" ? name : `${String(namespace)}/${String(name)}`;
  if (state === undefined || key !== state.key) return "is another object in the state";
  if ((uid ?? "") !== state.uid || (resourceVersion ?? "") !== state.resourceVersion) {
    return "is another version in the state";
  }
  if (isSecrets(type) && state.mirror !== undefined) return "is a Secret with a digest in the state";
  if (sealed !== undefined && state.mirror !== undefined) return "is encrypted and has a digest in the state";
  return undefined;
}
