import { z } from "zod";
import { clusterKeys, clusterName } from "./cluster.ts";
import { emptySection } from "./values.ts";

// Checked when it has been laid over the section it belongs to: alone it may be half of one.
function laidOver(section: string, example: string) {
  return z
    .preprocess(emptySection, z.looseObject({}))
    .exactOptional()
    .meta({ description: `What differs from \`${section}\` for this cluster, such as \`${example}\`.` });
}

const entry = z.strictObject({
  ...clusterKeys,
  name: clusterName("Name of the cluster in the bucket, in Git and in logs."),
  kubernetes: laidOver("kubernetes", "context: admin@east"),
  store: laidOver("store", "bucket: east-backups"),
  backup: laidOver("backup", "secrets: omit"),
  retention: laidOver("retention", "within: 90d"),
  limits: laidOver("limits", "maxDuration: 1h"),
});

/** Names of a cluster and of the sections that an entry of `clusters` may lay its own keys over. */
export const OVERLAID_SECTIONS = ["kubernetes", "store", "backup", "retention", "limits"] as const;

/** `clusters`: several clusters in one configuration. */
export const clustersSection = z
  .array(entry, 'expected a list, such as [{ name: "east" }, { name: "west" }]')
  .prefault([])
  .meta({
    description:
      "Several clusters, each backed up for itself. An entry names a cluster and says what differs from the sections above, whose keys hold for all of them; what an entry says wins over every source of the same key.",
  });

/** Which entries name a cluster that an earlier one names already: index and message. */
export function* repeatedClusters(
  entries: readonly unknown[],
  domainOfAll: unknown,
): Generator<readonly [number, string]> {
  const seen = new Map<string, number>();
  for (const [index, each] of entries.entries()) {
    const { name, domain = domainOfAll } = each as { readonly name?: unknown; readonly domain?: unknown };
    if (typeof name !== "string") continue;
    const cluster = JSON.stringify([domain, name]);
    const other = seen.get(cluster);
    if (other === undefined) seen.set(cluster, index);
    else yield [index, `names the same cluster as clusters[${other}]: they would write into one place; drop one`];
  }
}
