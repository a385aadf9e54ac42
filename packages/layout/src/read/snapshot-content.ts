import type { SnapshotManifest, TypeEntry } from "@kubeferry/snapshot";
import { sha256Of } from "../content.ts";
import { opensType } from "../select/select-objects.ts";

/**
 * What tells whether two snapshots of a cluster give a run the same, without reading them: SHA-256 over everything of a
 * manifest that stage 2 looks at. Of types that it never opens nothing is in it: nodes and leases move all the time.
 */
export function snapshotContent(manifest: SnapshotManifest): string {
  const stored = manifest.types.filter(opensType).map(({ segments }) => segments.map(({ sha256 }) => sha256));
  return sha256Of(JSON.stringify([outlineOf(manifest), stored]));
}

/** The same without the objects themselves: equal for snapshots that differ in nothing but what objects say. */
export function outlineOf(manifest: SnapshotManifest): string {
  const { cluster, series, secrets, complete, failures, api } = manifest;
  const types = manifest.types.filter(opensType).map(outlineOfType);
  return JSON.stringify([cluster, series, secrets, complete, failures, api.sha256, types]);
}

/** The revision of a list says only when it was made. */
function outlineOfType({ captured, segments, objects, ...type }: TypeEntry): unknown {
  const scope = captured.status === "read" ? captured.scope : captured.reason;
  return [type, captured.status, scope, objects, segments.map(({ sealed }) => sealed?.recipients ?? null)];
}
