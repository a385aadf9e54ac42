import { apiVersionOf, type Call } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
import { z } from "zod";

/** What is served: the snapshot, found by path. */
export interface ReplayCatalogue {
  readonly snapshot: Snapshot;
  /** Aggregated discovery of `/api` and `/apis`, as JSON texts. */
  readonly api: string;
  readonly apis: string;
  readonly openapi: Readonly<Record<string, string>>;
  readonly groups: readonly DiscoveredGroup[];
  /** The snapshot's types by "apps/v1/deployments". */
  readonly types: ReadonlyMap<string, TypeEntry>;
  /** Stands for the revision of every list. */
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
    groups: [...(api.items ?? []), ...(apis.items ?? [])],
    types: new Map(types),
    resourceVersion: String(snapshot.manifest.sequence),
  };
}
