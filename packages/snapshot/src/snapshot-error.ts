import { type ErrorParts, KubeferryError, type SecurityEvent } from "@kubeferry/model";

/**
 * "lost": another run committed this sequence first. "damaged": bytes are missing or are not what the manifest says.
 * "sealed": encrypted, and no identity is configured to open it. "newer-format": written by a later version.
 * "untrusted": not signed by anybody who is believed, or its link to its parent is broken. "wrong-cluster": another cluster's UID under this name. "busy": a run that is alive holds the lease. "expired": the
 * run took longer than unnamed bytes are sure to stay.
 */
export type SnapshotErrorKind =
  | "lost"
  | "busy"
  | "expired"
  | "damaged"
  | "sealed"
  | "untrusted"
  | "newer-format"
  | "wrong-cluster"
  | "not-found"
  | "invalid";

const SECURITY: Readonly<Partial<Record<SnapshotErrorKind, SecurityEvent>>> = {
  damaged: "digest-mismatch",
  untrusted: "signature-refused",
  busy: "lease-conflict",
  lost: "lease-conflict",
};

/** What goes wrong with snapshots as such; the store's own trouble is a StorageError. */
export class SnapshotError extends KubeferryError<SnapshotErrorKind> {
  /** The key the error is about, from the cluster's root, where it is about one. */
  readonly key: string | undefined;

  constructor(parts: ErrorParts<SnapshotErrorKind> & { readonly key?: string }) {
    super({ ...parts, security: parts.security ?? SECURITY[parts.kind] });
    this.key = parts.key;
  }
}
