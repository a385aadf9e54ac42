export { checkCluster, checkOtherSeries } from "./check-cluster.ts";
export { diffSnapshots, type ObjectChange } from "./diff/diff-snapshots.ts";
export { isSecrets } from "./is-secrets.ts";
export { keepSegments } from "./keep-segments.ts";
export { manifestKey } from "./keys.ts";
export { clusterRoot, DEFAULT_ROOT, type RootTemplate } from "./layout/cluster-root.ts";
export { clustersCalled, type KnownOfCluster, type StoredCluster } from "./layout/clusters.ts";
export { acquireLease, countFailedRun, type Lease, type LeaseOptions } from "./lease/acquire-lease.ts";
export type {
  BlobRef,
  CaptureScope,
  GapStatus,
  ReadStatus,
  ScopeLists,
  SegmentRef,
  SnapshotManifest,
  SnapshotOrigin,
  TypeEntry,
  TypeStatus,
} from "./manifest.ts";
export { mergeOrdered } from "./merge.ts";
export { type MirroredType, type MirrorFormat, type MirrorKeys, mirrorKeys } from "./mirror/mirror-key.ts";
export { createRenderedFiles, type RenderedFiles } from "./mirror/rendered-files.ts";
export { type MirrorOptions, type MirrorUpdate, updateMirror } from "./mirror/update-mirror.ts";
export { type Moment, parseMoment, snapshotAt } from "./moment.ts";
export { CREDENTIAL_FORMS, findCredential } from "./protection/find-credential.ts";
export { createProtection, type Protection, type ProtectionSettings } from "./protection/protection.ts";
export { type PruneOptions, type PruneResult, prune, type RetainedSnapshot } from "./prune/prune.ts";
export { limitsSnapshots } from "./retention/retention.ts";
export { parsedLine } from "./segment/lines.ts";
export { type ListedSnapshot, openSeries, type SeriesOptions } from "./series.ts";
export { SnapshotError, type SnapshotErrorKind } from "./snapshot-error.ts";
export {
  type ApiDocuments,
  type ApiDocumentsToStore,
  type CapturedObject,
  type CommittedRun,
  type FoundCredential,
  type MirrorView,
  type MovedObjects,
  NO_MIRROR,
  type ObjectState,
  type ObjectVersion,
  type ReadableObject,
  type RenderView,
  type SealedObject,
  type Snapshot,
  type SnapshotDetails,
  type SnapshotObject,
  type SnapshotSeries,
  type SnapshotWriter,
  sameVersion,
  type TypeSize,
  type TypeSummary,
} from "./snapshots.ts";
export { createStateFrames, type StateFrames } from "./state/state-frames.ts";
export { type VerifyOptions, type VerifyProblem, type VerifyResult, verifySnapshot } from "./verify/verify-snapshot.ts";
export { RENDER_FAILURE } from "./writer/render-states.ts";
export type { Sealing } from "./writer/sealing.ts";
export { createSnapshotWriter, type SnapshotWriterOptions } from "./writer/writer.ts";
