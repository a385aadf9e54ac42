/** The CloudEvents type of the call. */
export const BACKUP_COMPLETED = "io.kubeferry.backup.completed";

/**
 * What a backup says once its snapshot is committed: the `data` of a CloudEvents 1.0 event. A hint and nothing more:
 * stage 2 reads the store itself, and believes nothing of this but that it is worth looking.
 */
export interface BackupCompleted {
  /** Of the payload. */
  readonly format: 1;
  /** "crc.testing/wrl62" */
  readonly cluster: string;
  readonly series: string;
  /** Key of the manifest in the bucket. */
  readonly snapshot: string;
  readonly sequence: number;
  readonly status: "complete" | "partial";
  readonly runId: string;
  /** RFC 3339, UTC. */
  readonly finishedAt: string;
  readonly objects: number;
  readonly changed: number;
  readonly removed: number;
}

/** The event as it travels; `traceparent` is the distributed tracing extension. */
export interface BackupCompletedEvent {
  readonly specversion: "1.0";
  /** Unique for each announcement; a repeated try carries the same. */
  readonly id: string;
  /** "/crc.testing/wrl62" */
  readonly source: string;
  readonly type: typeof BACKUP_COMPLETED;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** Key of the manifest. */
  readonly subject: string;
  readonly datacontenttype: "application/json";
  readonly dataschema: string;
  /** W3C Trace Context of the backup. */
  readonly traceparent: string;
  readonly data: BackupCompleted;
}
