import type { Config } from "@kubeferry/shared-config";

const MIB = 2 ** 20;
/** The process without any object in it, code and runtime. */
const BASE_BYTES = 128 * MIB;
/**
 * A type being listed: its current segment, the one of the parent that is read back (each at most 4 MiB and one object), and
 * bytes in flight.
 */
const TYPE_BYTES = 16 * MIB;
/** A segment on its way to the store: raw, compressed, and the request's copy. */
const UPLOAD_BYTES = 8 * MIB;
/** More than these at a time bring nothing. */
const MAX_UPLOADS = 8;
/** Types that one CPU can list at a time: most of a list is waiting. */
const TYPES_PER_CPU = 2;
const UPLOADS_PER_CPU = 4;

/** How much a run does at a time. */
export interface Capacity {
  /** Types listed. */
  readonly types: number;
  /** Segments on their way to the store. */
  readonly uploads: number;
  /** Mirror files on their way to the store. */
  readonly files: number;
}

/**
 * What may be under way at a time. With `limits.memory` M: half of M − 128 MiB is for lists, 16 MiB each, the other half
 * for uploads, 8 MiB each. With `limits.cpu` C: at most 2·C types and 4·C uploads. Never more than
 * `kubernetes.concurrency` and `batchSize` say, never less than one.
 */
export function capacityOf({
  limits,
  kubernetes,
  batchSize,
}: Pick<Config, "limits" | "kubernetes" | "batchSize">): Capacity {
  const half = limits.memoryBytes === undefined ? Number.POSITIVE_INFINITY : (limits.memoryBytes - BASE_BYTES) / 2;
  const cpu = limits.cpu ?? Number.POSITIVE_INFINITY;
  const files = atLeastOne(Math.min(batchSize, half / UPLOAD_BYTES));
  return {
    types: atLeastOne(Math.min(kubernetes.concurrency, half / TYPE_BYTES, cpu * TYPES_PER_CPU)),
    uploads: atLeastOne(Math.min(MAX_UPLOADS, files, cpu * UPLOADS_PER_CPU)),
    files,
  };
}

function atLeastOne(number: number): number {
  return Math.max(1, Math.floor(number));
}
