import type { BackupCompletedEvent } from "@kubeferry/announce";

/** Calls that one run answers, however many they are. */
export interface GatheredCalls {
  readonly count: number;
  /** Who they said they are, each once, in the order of their coming; the first hundreds of them. */
  readonly clusters: readonly string[];
  /** W3C Trace Contexts, likewise. */
  readonly traceparents: readonly string[];
}

/** A burst is one run: more names than these help nobody, and memory stays bounded. */
const MAX_CLUSTERS = 500;
const MAX_TRACES = 32;

export const NO_CALLS: GatheredCalls = { count: 0, clusters: [], traceparents: [] };

/** Calls that are answered together; those that came first go first. */
export function together(first: GatheredCalls, then: GatheredCalls): GatheredCalls {
  return {
    count: first.count + then.count,
    clusters: withNew(first.clusters, then.clusters, MAX_CLUSTERS),
    traceparents: withNew(first.traceparents, then.traceparents, MAX_TRACES),
  };
}

/** One call more. */
export function withCall(calls: GatheredCalls, { data, traceparent }: BackupCompletedEvent): GatheredCalls {
  const traceparents = traceparent === undefined ? [] : [traceparent];
  return together(calls, { count: 1, clusters: [data.cluster], traceparents });
}

function withNew(known: readonly string[], more: readonly string[], most: number): readonly string[] {
  return [...new Set([...known, ...more])].slice(0, most);
}
