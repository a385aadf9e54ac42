import { z } from "zod";
import { emptySection, textLike } from "./values.ts";

const LABEL = "[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?";
const NAME = new RegExp(`^${LABEL}$`);
const REFERENCE = new RegExp(`^${LABEL}/${LABEL}$`);
const NAME_EXPECTED = "letters, digits, '.', '_' and '-', beginning and ending with a letter or digit";

/** Names a cluster by configuration. */
export interface ClusterRef {
  readonly domain: string;
  readonly name: string;
}

/** A name as clusters, domains and environments have it. */
export function clusterName(description: string) {
  return textLike(NAME, NAME_EXPECTED, { description });
}

/** The keys that say who a cluster is. */
export const clusterKeys = {
  name: clusterName(
    "Name of the cluster in the bucket, in Git and in logs. Left out, it is identified from the cluster.",
  ).exactOptional(),
  domain: clusterName(
    "Domain above the name: the bucket holds `<domain>/<name>/`. Left out, it is identified from the cluster.",
  ).exactOptional(),
  environment: clusterName(
    "Which environment the cluster is (`prod`): it selects `retention.byEnvironment`.",
  ).exactOptional(),
};

/** `cluster`: who the cluster is. */
export const clusterSection = z
  .preprocess(emptySection, z.strictObject(clusterKeys))
  .prefault({})
  .meta({ description: "The cluster that is backed up." });

/** A cluster named as the bucket names it: "crc.testing/wrl62". */
export function clusterReference(description: string) {
  return textLike(REFERENCE, 'a cluster as "<domain>/<name>"', { description })
    .transform(splitReference)
    .meta({ description, "x-value": "<domain>/<name>" });
}

function splitReference(reference: string): ClusterRef {
  const slash = reference.indexOf("/");
  return { domain: reference.slice(0, slash), name: reference.slice(slash + 1) };
}
