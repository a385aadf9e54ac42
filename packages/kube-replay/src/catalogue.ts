import { apiVersionOf, type Call, clusterPath } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { z } from "zod";
import { type ServedVersion, versionOf } from "./discover/version.ts";

/** What is served: the snapshot, found by path. */
export interface ReplayCatalogue {
  readonly snapshot: Snapshot;
  /** Aggregated discovery of `/api` and `/apis`, as JSON texts. */
  readonly api: string;
  readonly apis: string;
  readonly openapi: Readonly<Record<string, string>>;
  readonly version: ServedVersion;
  readonly groups: readonly DiscoveredGroup[];
  /** The snapshot's types by "apps/v1/deployments". */
  readonly types: ReadonlyMap<string, TypeEntry>;
  /** Stands for the revision of every list: one snapshot is one state of everything. */
  readonly resourceVersion: string;
}

const resourceSchema = z.looseObject({
  resource: z.string(),
  responseKind: z.looseObject({ kind: z.string() }).optional(),
  scope: z.string(),
  singularResource: z.string().optional(),
  shortNames: z.array(z.string()).optional(),
  categories: z.array(z.string()).optional(),
  verbs: z.array(z.string()),
});
const versionSchema = z.looseObject({ version: z.string(), resources: z.array(resourceSchema).optional() });
const groupSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string().optional() }).optional(),
  versions: z.array(versionSchema).optional(),
});
const groupListSchema = z.looseObject({ items: z.array(groupSchema).optional() });
const discoverySchema = z.object({ api: groupListSchema, apis: groupListSchema });

/** One resource of aggregated discovery, in the fields that are served again. */
export type DiscoveredResource = z.infer<typeof resourceSchema>;
/** One version of a group. */
export type DiscoveredVersion = z.infer<typeof versionSchema>;
/** One group of aggregated discovery; core has no name. */
export type DiscoveredGroup = z.infer<typeof groupSchema>;

/** Reads a snapshot's API documents once. @throws SnapshotError "damaged" */
export async function readCatalogue(snapshot: Snapshot, call: Call): Promise<ReplayCatalogue> {
  const { discovery, openapi } = await snapshot.api(call);
  const { api, apis } = discoverySchema.parse(JSON.parse(discovery));
  const types = snapshot.manifest.types.map((type) => [`${apiVersionOf(type)}/${type.resource}`, type] as const);
  return {
    snapshot,
    api: JSON.stringify(api),
    apis: JSON.stringify(apis),
    openapi,
    version: versionOf(openapi),
    groups: [...(api.items ?? []), ...(apis.items ?? [])],
    types: new Map(types),
    resourceVersion: String(snapshot.manifest.sequence),
  };
}

/** What is served, for messages: "snapshot 42 of crc.testing/wrl62, taken 2026-11-21T06:00:05Z". */
export function takenAs({ snapshot }: ReplayCatalogue): string {
  const { sequence, cluster, finishedAt } = snapshot.manifest;
  return `snapshot ${sequence} of ${clusterPath(cluster)}, taken ${finishedAt}`;
}
