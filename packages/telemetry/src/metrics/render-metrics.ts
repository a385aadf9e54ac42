import type { RunCounters } from "@kubeferry/model";

/** The labels that every metric of a backup has. */
export interface SeriesLabels {
  /** "domain/name". */
  readonly cluster: string;
  readonly series: string;
}

/** Where requests go. */
export type RequestTarget = "kubernetes" | "store";

/** What is known of one cluster's backup at a moment; what is not known yet is left out, and not zero. */
export interface BackupSample {
  readonly labels: SeriesLabels;
  readonly counters?: RunCounters | undefined;
  /** Milliseconds since 1970, as all times here. */
  readonly lastSuccessMs?: number | undefined;
  readonly lastPartialMs?: number | undefined;
  readonly lastFailureMs?: number | undefined;
  readonly namespaces?: number | undefined;
  readonly newest?: NewestSnapshot | undefined;
  readonly requests: Readonly<Record<RequestTarget, { readonly inFlight: number; readonly retries: number }>>;
}

/** What the newest manifest says of its snapshot. */
export interface NewestSnapshot {
  readonly unreadTypes: number;
  readonly storedBytes: number;
  readonly storedFiles: number;
}

/**
 * The samples in Prometheus' text format. The library is loaded with the first call: most commands make no metrics.
 * @param samples one a cluster and series
 */
export async function renderMetrics(samples: readonly BackupSample[]): Promise<string> {
  const { exposition } = await import("./exposition.ts");
  return exposition(samples);
}
