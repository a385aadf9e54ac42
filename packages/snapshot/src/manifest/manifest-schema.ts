import { z } from "zod";
import { SHA256_HEX } from "../blob/digest.ts";

const Sha256 = z.string().regex(SHA256_HEX, "is not 64 lower-case hex digits");
const Count = z.number().int().nonnegative();
const Text = z.string().min(1);
// As far as it matters: what a person reads, and sorts by eye.
const UtcTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/, "is not a UTC time");

const Blob = z.object({ sha256: Sha256, sizeBytes: z.number().int().positive() });

const Segment = Blob.extend({
  rawBytes: z.number().int().positive(),
  objects: z.number().int().positive(),
  first: Text,
  last: Text,
  versions: Sha256,
  state: Blob,
  oversized: z.array(z.object({ key: Text, sizeBytes: z.number().int().positive() })).optional(),
  sealed: z.object({ recipients: z.array(z.string().regex(/^[0-9a-f]{16}$/)).min(1) }).optional(),
  cut: Sha256.optional(),
  findings: z.record(Text, z.number().int().positive()).optional(),
});

const Gap = { reason: z.string(), sinceSequence: z.number().int().positive(), since: UtcTime };

const ScopeLists = z.object({ include: z.array(z.string()), exclude: z.array(z.string()) });

const Scope = z.object({
  namespaces: ScopeLists.exactOptional(),
  names: ScopeLists.exactOptional(),
  labelSelector: Text.exactOptional(),
  annotationSelector: Text.exactOptional(),
});

const Captured = z.discriminatedUnion("status", [
  z.object({
    status: z.literal("read"),
    revision: z.string(),
    consistent: z.boolean(),
    scope: Scope.exactOptional(),
    statusOnly: Count.exactOptional(),
  }),
  z.object({ status: z.literal("unread"), ...Gap, accepted: z.boolean().exactOptional() }),
  z.object({ status: z.literal("filtered"), ...Gap }),
]);

const Type = z.object({
  group: z.string(),
  version: Text,
  resource: Text,
  kind: Text,
  namespaced: z.boolean(),
  verbs: z.array(z.string()),
  captured: Captured,
  objects: Count,
  segments: z.array(Segment),
});

const IdentitySource = z.enum([
  "configuration",
  "openshift-infrastructure",
  "openshift-dns",
  "namespace-label",
  "node-label",
  "api-host",
  "kube-system-uid",
  "default",
]);

const Cluster = z.object({
  domain: Text,
  name: Text,
  uid: Text,
  nameSource: IdentitySource,
  domainSource: IdentitySource,
});

const Counters = z.object({
  failedRuns: Count,
  leaseFailedRuns: Count,
  objects: Count,
  objectErrors: Count,
  durations: z.object({ count: Count, sumMs: Count, buckets: z.record(z.string(), Count) }),
  lastCompleteAt: UtcTime.optional(),
  lastPartialAt: UtcTime.optional(),
});

const Consistency = z.object({
  asked: z.enum(["type", "cut"]),
  revision: z.string().nullable(),
  held: z.boolean(),
  exceptions: z.array(z.object({ resource: z.string(), reason: z.string() })),
});

/** Format 1 of a manifest: every field that is read. Fields a later format-1 writer adds are let through unread. */
export const ManifestSchema = z.object({
  format: z.literal(1),
  series: Text,
  sequence: z.number().int().positive(),
  parent: Sha256.nullable(),
  cluster: Cluster,
  runId: Text,
  // For traces only, as the counters are for metrics.
  trace: z.string().max(200).optional().catch(undefined),
  startedAt: UtcTime,
  finishedAt: UtcTime,
  tool: z.object({ version: z.string(), rules: z.string() }),
  secrets: z.enum(["encrypt", "withhold", "omit", "plain"]),
  consistency: Consistency.exactOptional(),
  capture: z.string(),
  mirror: z.string(),
  complete: z.boolean(),
  objects: Count,
  claims: Count,
  types: z.array(Type),
  skipped: z.array(z.object({ resource: z.string(), reason: z.string(), count: Count.nullable() })),
  failures: z.array(z.object({ target: z.string(), kind: z.string(), message: z.string() })),
  api: Blob.extend({ fingerprint: z.string() }),
  origin: z.object({ series: Text, sequence: z.number().int().positive(), sha256: Sha256 }).exactOptional(),
  // For metrics only: whatever is wrong with it is no reason to refuse a snapshot.
  counters: Counters.optional().catch(undefined),
});
