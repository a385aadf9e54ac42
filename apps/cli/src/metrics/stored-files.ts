import type { BlobRef, SnapshotManifest } from "@kubeferry/snapshot";
import type { NewestSnapshot } from "@kubeferry/telemetry";

/** What a manifest names, each stored file once; nothing is listed for it. */
export function storedFiles(manifest: SnapshotManifest): NewestSnapshot {
  const named: readonly BlobRef[] = [
    ...manifest.types.flatMap(({ segments }) => segments.flatMap((segment) => [segment, segment.state])),
    manifest.api,
  ];
  const sizes = new Map(named.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]));
  return {
    unreadTypes: manifest.types.filter(({ captured }) => captured.status === "unread").length,
    storedBytes: [...sizes.values()].reduce((sum, sizeBytes) => sum + sizeBytes, 0),
    storedFiles: sizes.size,
  };
}
