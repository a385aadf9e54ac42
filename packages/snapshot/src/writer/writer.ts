import { type Call, type Failure, type ResourceType, typeName } from "@kubeferry/model";
import type { ObjectStore } from "@kubeferry/object-store";
import { apiFrame } from "../api-documents.ts";
import { createGatherer } from "../blob/gathered-bytes.ts";
import { checkCluster } from "../check-cluster.ts";
import { checkSeriesName } from "../keys.ts";
import type { GapStatus, ReadStatus, SegmentRef, SnapshotManifest, TypeEntry } from "../manifest.ts";
import type { RenderedFiles } from "../mirror/rendered-files.ts";
import type { Protection } from "../protection/protection.ts";
import { totalOf } from "../segment/span.ts";
import { openSnapshot } from "../snapshot.ts";
import { SnapshotError } from "../snapshot-error.ts";
import type {
  ApiDocumentsToStore,
  RenderView,
  Snapshot,
  SnapshotDetails,
  SnapshotWriter,
  TypeSize,
  TypeSummary,
} from "../snapshots.ts";
import type { StateFrames } from "../state/state-frames.ts";
import { checkNamed, putManifest } from "./commit.ts";
import { fillDrafts, type TypeDraft } from "./drafts.ts";
import { namedBlob, namedBy } from "./named-blobs.ts";
import { parentSegments } from "./parent-segments.ts";
import { type Cut, planVersions } from "./plan-versions.ts";
import { type PruneBeside, type RunGrace, startGrace } from "./run-grace.ts";
import type { Sealing } from "./sealing.ts";
import type { StoredCuts, TypeWriting } from "./store-cut.ts";
import { writeType } from "./type-writer.ts";
import { createUploads, type Uploads } from "./uploads.ts";
import { writePlanned } from "./write-planned.ts";

/** What a snapshot is written with. */
export interface SnapshotWriterOptions {
  /** Prefixed to the cluster's root, `{domain}/{cluster}/`. */
  readonly store: ObjectStore;
  readonly series: string;
  /** The newest snapshot of the series; undefined when there is none. */
  readonly parent: Snapshot | undefined;
  readonly view: RenderView;
  /** Fingerprint of all that shapes captured bytes, and of `CREDENTIAL_FORMS`. */
  readonly capture: string;
  /** What is encrypted, and to whom; left out: nothing is. */
  readonly sealing?: Sealing | undefined;
  /** How the manifest is signed, and who is believed; left out: it is not signed. */
  readonly protection?: Pick<Protection, "signer" | "trust" | "opener"> | undefined;
  /** How many blobs are on their way to the store at once. */
  readonly uploads: number;
  /** False: write everything anew, after a commit was refused because a blob of the parent is gone. Default true. */
  readonly reuse?: boolean;
  /** What a segment holds on average, before compression; left out: 1 MiB. Benchmarks try others. */
  readonly segmentBytes?: number;
  /** Where files are kept that the mirror will want; left out: it renders them again. */
  readonly rendered?: RenderedFiles | undefined;
  /** Gets the states that are written, for whoever compares the snapshot with its parent. */
  readonly frames?: StateFrames | undefined;
  /** Given where somebody prunes this store. */
  readonly pruneBeside?: PruneBeside;
}

/** What a cut holds at most, unless one object alone is larger, or benchmarks try larger segments. */
const CUT_BYTES = 4 * 1024 * 1024;

/** What has come together so far. */
interface Gathered {
  readonly drafts: Map<string, TypeDraft>;
  readonly failures: Failure[];
  api: SnapshotManifest["api"] | undefined;
}

/**
 * Starts a snapshot. Types may be added at the same time; memory holds the current segment of each (at most 4 MiB and
 * one object) and the blobs on their way.
 * @throws SnapshotError "invalid" for a series that cannot be a folder's name
 */
export function createSnapshotWriter(options: SnapshotWriterOptions): SnapshotWriter {
  checkSeriesName(options.series);
  const { parent, store } = options;
  const grace = startGrace(options.pruneBeside);
  const { isOld, writtenAgain: onWrittenAgain } = grace;
  const isNamedByParent = namedBy(parent);
  const { frames, uploads: limit } = options;
  const uploads = createUploads({ store, limit, isOld, isNamedByParent, onWrittenAgain, frames });
  const gatherer = createGatherer(CUT_BYTES);
  const gathered: Gathered = { drafts: new Map(), failures: [], api: undefined };
  const { view, capture, sealing } = options;
  const knownOf = (type: ResourceType) => {
    const sameApi = isSameApi(gathered.api, parent);
    return parentSegments(options.reuse === false ? undefined : parent, type, { sameApi, view, capture, sealing });
  };
  const writingOf = (type: ResourceType): TypeWriting => {
    const { rendered, segmentBytes } = options;
    return { type, parent: knownOf(type), uploads, gatherer, rendered, segmentBytes, view, sealing };
  };
  return {
    parent,
    async addType(type, objects, end, call) {
      checkNew(gathered, type);
      return addRead(gathered, type, await writeType(writingOf(type), objects, call), end());
    },
    known(type) {
      const segments = knownOf(type).cuts()?.flat();
      return segments && sizeOf(segments);
    },
    async nameAgain(type, versions, end, moved) {
      checkNew(gathered, type);
      const writing = writingOf(type);
      const cuts = writing.parent.cuts();
      if (cuts === undefined) return undefined;
      const statesOf = async (cut: Cut) => moved && writing.parent.statesOf(cut, moved.call);
      const plans = await planVersions(cuts, versions, statesOf);
      const stored = plans && (await writePlanned(writing, plans, moved));
      return stored && addRead(gathered, type, stored, end(sizeOf(stored.segments)));
    },
    carryType(type, why) {
      checkNew(gathered, type);
      const entry = parent?.manifest.types.find((known) => typeName(known) === typeName(type));
      const segments = entry?.segments ?? [];
      gathered.drafts.set(typeName(type), { from: "parent", type: entry ?? type, why, entry, segments });
      return entry?.objects ?? 0;
    },
    async setApi(fingerprint, documents, call) {
      gathered.api = await apiRef(options, uploads, fingerprint, documents, call);
    },
    commit: (details, call) => commit(options, { gathered, uploads, grace }, details, call),
  };
}

/** Takes what was stored of a type into the snapshot. */
function addRead(
  gathered: Gathered,
  type: ResourceType,
  stored: StoredCuts,
  ending: Omit<ReadStatus, "status"> | GapStatus,
): TypeSummary {
  const { segments, written, found, failures } = stored;
  checkNew(gathered, type);
  gathered.drafts.set(typeName(type), { from: "read", type, captured: { status: "read", ...ending }, segments });
  gathered.failures.push(...failures);
  return {
    objects: countObjects(segments),
    found,
    segmentsWritten: written,
    segmentsReused: segments.length - written,
    invalid: failures.length,
  };
}

/** The fingerprint is "" where it could not be read. */
function isSameApi(api: SnapshotManifest["api"] | undefined, parent: Snapshot | undefined): boolean {
  const fingerprint = api?.fingerprint ?? "";
  return fingerprint !== "" && fingerprint === parent?.manifest.api.fingerprint;
}

interface Writing {
  readonly gathered: Gathered;
  readonly uploads: Uploads;
  readonly grace: RunGrace;
}

async function commit(
  options: SnapshotWriterOptions,
  { gathered, uploads, grace }: Writing,
  details: SnapshotDetails,
  call: Call,
): Promise<Snapshot> {
  const { store, series, parent } = options;
  checkCluster(parent, details.cluster);
  await uploads.settle();
  await grace.settle(call);
  const api = gathered.api;
  if (api === undefined) throw misuse(`commit to series ${series}`, "setApi was not called");
  const sequence = (parent?.manifest.sequence ?? 0) + 1;
  const filling = { parent: parent?.manifest, sequence, details, log: call.log };
  const parts = { api: namedBlob("api", api), uploads, concurrency: options.uploads, reuse: options.reuse !== false };
  const checked = await checkNamed(store, { ...parts, drafts: [...gathered.drafts.values()] }, call);
  const types = fillDrafts(checked.drafts, filling);
  const failures = [...details.failures, ...gathered.failures, ...checked.failures];
  const manifest = manifestOf(options, { sequence, details, types, failures, api });
  grace.checkAge();
  const stored = await putManifest({ store, series, parent, ...options.protection }, manifest, call);
  const { objects, complete } = stored.manifest;
  call.log.info("snapshot committed", { operation: "snapshot_commit", key: stored.key, objects, complete });
  return openSnapshot(store, stored, { opener: options.protection?.opener, frames: options.frames });
}

interface ManifestParts {
  readonly sequence: number;
  readonly details: SnapshotDetails;
  readonly types: readonly TypeEntry[];
  readonly failures: readonly Failure[];
  readonly api: SnapshotManifest["api"];
}

function manifestOf(options: SnapshotWriterOptions, parts: ManifestParts): SnapshotManifest {
  const { sequence, details, types, failures, api } = parts;
  const claims = types.find((type) => type.group === "" && type.resource === "persistentvolumeclaims");
  const unread = types.filter(({ captured }) => captured.status === "unread" && captured.accepted !== true).length;
  const complete = failures.length === 0 && unread === 0;
  const objects = countObjects(types);
  const counters = details.counters?.({ complete, objects, errors: failures.length + unread });
  return {
    format: 1,
    series: options.series,
    sequence,
    parent: options.parent?.sha256 ?? null,
    cluster: details.cluster,
    runId: details.runId,
    ...(details.trace === undefined ? {} : { trace: details.trace }),
    startedAt: details.startedAt.toISOString(),
    finishedAt: details.finishedAt.toISOString(),
    tool: { version: details.toolVersion, rules: details.rulesVersion },
    secrets: details.secrets,
    ...(details.consistency === undefined ? {} : { consistency: details.consistency }),
    capture: options.capture,
    mirror: options.view.fingerprint,
    complete,
    objects,
    claims: claims?.objects ?? 0,
    types,
    skipped: details.skipped,
    failures,
    api,
    ...(details.origin === undefined ? {} : { origin: details.origin }),
    ...(counters === undefined ? {} : { counters }),
  };
}

async function apiRef(
  { parent, reuse }: SnapshotWriterOptions,
  uploads: Uploads,
  fingerprint: string,
  documents: () => Promise<ApiDocumentsToStore>,
  call: Call,
): Promise<SnapshotManifest["api"]> {
  const known = parent?.manifest.api;
  if (reuse !== false && known?.fingerprint === fingerprint) return known;
  return { ...(await uploads.addFrame("api", await apiFrame(await documents()), call)), fingerprint };
}

function checkNew(gathered: Gathered, type: ResourceType): void {
  if (gathered.drafts.has(typeName(type)))
    throw misuse(`add ${typeName(type)}`, "the type is in this snapshot already");
}

function misuse(operation: string, problem: string): SnapshotError {
  const next = "this is a mistake in the program, please report it";
  return new SnapshotError({ kind: "invalid", who: "snapshot", operation, problem, next });
}

function sizeOf(segments: readonly SegmentRef[]): TypeSize {
  return { objects: countObjects(segments), rawBytes: totalOf(segments, ({ rawBytes }) => rawBytes) };
}

function countObjects(parts: readonly { readonly objects: number }[]): number {
  return parts.reduce((total, part) => total + part.objects, 0);
}
