import { z } from "zod";

const Resource = z.looseObject({
  resource: z.string(),
  responseKind: z.looseObject({ kind: z.string() }).nullish(),
  scope: z.string().optional(),
  verbs: z.array(z.string()).nullish(),
});

const Version = z.looseObject({
  version: z.string(),
  freshness: z.string().optional(),
  resources: z.array(Resource).nullish(),
});

const Group = z.looseObject({
  // The core group has no name.
  metadata: z.looseObject({ name: z.string().optional() }).nullish(),
  versions: z.array(Version).nullish(),
});

/** One of the two discovery documents in the aggregated form; fields that are not read are kept. */
export const GroupDiscoveryList = z.looseObject({
  kind: z.literal("APIGroupDiscoveryList"),
  items: z.array(Group).nullish(),
});

/** One of the two discovery documents in the aggregated form. */
export type GroupDiscoveryList = z.infer<typeof GroupDiscoveryList>;
/** One version of a group. */
export type VersionDiscovery = z.infer<typeof Version>;
/** One resource of a version. */
export type ResourceDiscovery = z.infer<typeof Resource>;
